"""By which rule an opening or click was told to be a person's or a machine's."""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('mail_event', sa.Column('reason', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('mail_event', 'reason')
