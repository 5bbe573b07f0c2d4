"""When a post or comment was last written, edited, deleted or brought back: open pages look again then."""

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None

TABLES = ('comment', 'post')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        op.create_index(op.f(f'ix_{table}_changed_at'), table, ['changed_at'])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f'ix_{table}_changed_at'), table)
        op.drop_column(table, 'changed_at')
