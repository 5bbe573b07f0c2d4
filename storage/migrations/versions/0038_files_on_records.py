"""Files that people put on records."""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
DELETED = sa.text('deleted_at IS NOT NULL')


def upgrade() -> None:
    op.create_table(
        'record_file',
        sa.Column('id', BIG, nullable=False),
        sa.Column('activity_id', BIG, nullable=True),
        sa.Column('filename', sa.Text(), nullable=False),
        sa.Column('content_type', sa.Text(), nullable=False),
        sa.Column('size', BIG, nullable=False),
        sa.Column('author_id', BIG, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('deleted_at', MOMENT, nullable=True),
        sa.Column('deleted_by_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ['activity_id'], ['activity.id'], name=op.f('fk_record_file_activity_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_record_file_author_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_record_file')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_record_file_activity_id'), 'record_file', ['activity_id'])
    op.create_index(
        op.f('ix_record_file_deleted_at'),
        'record_file',
        ['deleted_at'],
        sqlite_where=DELETED,
        postgresql_where=DELETED,
    )
    op.create_table(
        'record_file_piece',
        sa.Column('id', BIG, nullable=False),
        sa.Column('file_id', BIG, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('blob_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ['file_id'], ['record_file.id'], name=op.f('fk_record_file_piece_file_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['blob_id'], ['blob.id'], name=op.f('fk_record_file_piece_blob_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_record_file_piece')),
        sa.UniqueConstraint('file_id', 'position', name=op.f('uq_record_file_piece_file_id_position')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_record_file_piece_blob_id'), 'record_file_piece', ['blob_id'])


def downgrade() -> None:
    op.drop_table('record_file_piece')
    op.drop_table('record_file')
    op.execute("DELETE FROM activity WHERE kind = 'file'")  # The code of before knows no such kind.
