"""Deals are sorted and filtered by amount, expected day and last change, each within its pipeline."""

from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None

COLUMNS = ('amount', 'closes_on', 'updated_at')


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(op.f(f'ix_deal_pipeline_id_{column}_id'), 'deal', ['pipeline_id', column, 'id'])


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(op.f(f'ix_deal_pipeline_id_{column}_id'), 'deal')
