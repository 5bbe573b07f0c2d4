"""Since when a message lies in no folder of any mailbox."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

UNPLACED = sa.text('unplaced_at IS NOT NULL')


def upgrade() -> None:
    op.add_column('message', sa.Column('unplaced_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        'ix_message_unplaced_at', 'message', ['unplaced_at'], sqlite_where=UNPLACED, postgresql_where=UNPLACED
    )


def downgrade() -> None:
    op.drop_index('ix_message_unplaced_at', table_name='message')
    op.drop_column('message', 'unplaced_at')
