"""Records that may be the same, and merges with all that they moved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_merges()
    _create_parts()
    _create_pairs()


def _create_merges() -> None:
    op.create_table(
        'record_merge',
        sa.Column('id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('survivor_id', BIG, nullable=False),
        sa.Column('others', JSON, nullable=False),
        sa.Column('fields', JSON, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_record_merge_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_record_merge')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_record_merge_record_type_survivor_id'), 'record_merge', ['record_type', 'survivor_id'])
    op.create_index(op.f('ix_record_merge_at'), 'record_merge', ['at'])


def _create_parts() -> None:
    op.create_table(
        'merge_part',
        sa.Column('id', BIG, nullable=False),
        sa.Column('merge_id', BIG, nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('table', sa.Text(), nullable=False),
        sa.Column('column', sa.Text(), nullable=False),
        sa.Column('moved', JSON, nullable=False),
        sa.Column('dropped', JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ['merge_id'], ['record_merge.id'], name=op.f('fk_merge_part_merge_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_part')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_merge_part_merge_id'), 'merge_part', ['merge_id'])


def _create_pairs() -> None:
    op.create_table(
        'duplicate_pair',
        sa.Column('id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('first_id', BIG, nullable=False),
        sa.Column('second_id', BIG, nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('found_at', MOMENT, nullable=False),
        sa.Column('dismissed_at', MOMENT, nullable=True),
        sa.Column('dismissed_by_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(['dismissed_by_id'], ['user.id'], name=op.f('fk_duplicate_pair_dismissed_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pair')),
        sa.UniqueConstraint(
            'record_type', 'first_id', 'second_id', name=op.f('uq_duplicate_pair_record_type_first_id_second_id')
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_duplicate_pair_record_type_second_id'), 'duplicate_pair', ['record_type', 'second_id'])


def downgrade() -> None:
    for table in ('duplicate_pair', 'merge_part', 'record_merge'):
        op.drop_table(table)
