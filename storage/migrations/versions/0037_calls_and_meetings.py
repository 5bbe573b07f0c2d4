"""Calls and meetings last, take place somewhere, are told of beforehand, edited and deleted."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

COLUMNS = (
    ('minutes', sa.Integer),
    ('place', sa.Text),
    ('remind_minutes', sa.Integer),
    ('remind_at', UtcDateTime),
    ('edited_at', UtcDateTime),
    ('deleted_at', UtcDateTime),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column('activity', sa.Column(name, kind(), nullable=True))
    where = sa.text('remind_at IS NOT NULL')
    op.create_index('ix_activity_remind_at', 'activity', ['remind_at'], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index('ix_activity_remind_at', 'activity')
    for name, _ in reversed(COLUMNS):
        op.drop_column('activity', name)
