"""Conversations that were split, merged or put on other records by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'thread_change',
        sa.Column('id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('thread_id', BIG, nullable=False),
        sa.Column('other_id', BIG, nullable=True),
        sa.Column('before', JSON, nullable=False),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_thread_change_user_id')),
        sa.ForeignKeyConstraint(
            ['thread_id'], ['thread.id'], name=op.f('fk_thread_change_thread_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['other_id'], ['thread.id'], name=op.f('fk_thread_change_other_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_change')),
        sqlite_autoincrement=True,
    )
    for column in ('at', 'thread_id', 'other_id'):
        op.create_index(op.f(f'ix_thread_change_{column}'), 'thread_change', [column])
    op.create_table(
        'thread_cut',
        sa.Column('id', BIG, nullable=False),
        sa.Column('one_id', BIG, nullable=False),
        sa.Column('other_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(['one_id'], ['thread.id'], name=op.f('fk_thread_cut_one_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['other_id'], ['thread.id'], name=op.f('fk_thread_cut_other_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_cut')),
        sqlite_autoincrement=True,
    )
    for column in ('one_id', 'other_id'):
        op.create_index(op.f(f'ix_thread_cut_{column}'), 'thread_cut', [column])
    op.create_table(
        'thread_binding',
        sa.Column('id', BIG, nullable=False),
        sa.Column('thread_id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('bound', sa.Boolean(), nullable=False),
        sa.Column('change_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ['thread_id'], ['thread.id'], name=op.f('fk_thread_binding_thread_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['change_id'], ['thread_change.id'], name=op.f('fk_thread_binding_change_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_binding')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_thread_binding_thread_id'), 'thread_binding', ['thread_id'])
    op.create_index(op.f('ix_thread_binding_change_id'), 'thread_binding', ['change_id'])
    op.create_index(
        op.f('ix_thread_binding_record_type_record_id'), 'thread_binding', ['record_type', 'record_id']
    )


def downgrade() -> None:
    for table in ('thread_binding', 'thread_cut', 'thread_change'):
        op.drop_table(table)
