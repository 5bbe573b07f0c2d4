"""Merges say when they had moved all, and, as runs over leads do, why one was given up."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

STOPPED = ('record_merge', 'lead_run')


def upgrade() -> None:
    op.add_column('record_merge', sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE record_merge SET moved_at = at')  # Their jobs run on, and end as they would have.
    for table in STOPPED:
        op.add_column(table, sa.Column('stopped', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    for table in STOPPED:
        op.drop_column(table, 'stopped')
    op.drop_column('record_merge', 'moved_at')
