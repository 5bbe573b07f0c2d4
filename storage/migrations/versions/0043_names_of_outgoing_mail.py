"""What relays call mail of ours, and whether answers to a mailbox's mail go to an address that names what they answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.add_column('outgoing', sa.Column('known_as', JSON, server_default='[]', nullable=False))
    op.add_column('mailbox', sa.Column('signed_answers', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('mailbox', 'signed_answers')
    op.drop_column('outgoing', 'known_as')
