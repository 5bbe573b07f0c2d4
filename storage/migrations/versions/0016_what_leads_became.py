"""A converted lead names its deal, and when that was."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('lead', sa.Column('deal_id', BIG, nullable=True))
    op.add_column('lead', sa.Column('converted_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('lead', 'converted_at')
    op.drop_column('lead', 'deal_id')
