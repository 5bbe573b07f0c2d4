"""Converted leads are handed to departments in turn, and whoever gets some of many hears of it once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'department_turn',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
        sa.Column('department_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('last_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.ForeignKeyConstraint(
            ['department_id'], ['department.id'], name=op.f('fk_department_turn_department_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_department_turn')),
        sa.UniqueConstraint('department_id', name=op.f('uq_department_turn_department_id')),
        sqlite_autoincrement=True,
    )
    op.add_column('lead_run', sa.Column('handed', JSON, server_default='{}', nullable=False))


def downgrade() -> None:
    op.drop_column('lead_run', 'handed')
    op.drop_table('department_turn')
