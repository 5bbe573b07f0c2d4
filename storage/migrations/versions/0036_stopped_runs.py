"""What a run or an edit of many could not do is counted, and why one was stopped is said."""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

COLUMNS = (
    ('policy_run', 'skipped', sa.Integer(), '0'),
    ('policy_run', 'stopped', sa.Text(), ''),
    ('bulk_edit', 'refused_count', sa.Integer(), '0'),
    ('bulk_edit', 'unfit', sa.Integer(), '0'),
    ('bulk_edit', 'stopped', sa.Text(), ''),
)


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, server_default=default, nullable=False))
    of_dialect = 'jsonb_array_length' if op.get_bind().dialect.name == 'postgresql' else 'json_array_length'
    op.execute(f'UPDATE bulk_edit SET refused_count = {of_dialect}(refused)')


def downgrade() -> None:
    for table, name, _, _ in reversed(COLUMNS):
        op.drop_column(table, name)
