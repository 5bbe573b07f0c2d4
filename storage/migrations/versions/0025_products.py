"""The catalogue of products, and the lines of deals."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'product',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('price', BIG, nullable=False),
        sa.Column('currency', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('retired_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_product')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'deal_line',
        sa.Column('id', BIG, nullable=False),
        sa.Column('deal_id', BIG, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('product_id', BIG, nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('quantity', BIG, nullable=False),
        sa.Column('price', BIG, nullable=False),
        sa.Column('discount', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['deal_id'], ['deal.id'], name=op.f('fk_deal_line_deal_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_deal_line_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_line')),
        sqlite_autoincrement=True,
    )
    op.create_index('ix_deal_line_deal_id_position', 'deal_line', ['deal_id', 'position'])
    op.create_index('ix_deal_line_product_id', 'deal_line', ['product_id'])


def downgrade() -> None:
    op.drop_table('deal_line')
    op.drop_table('product')
