"""Posts to colleagues and by mail, with files and mentions; posts and comments that are edited and deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.add_column('post', sa.Column('everyone', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('post', sa.Column('key', sa.Text(), nullable=True))
    op.create_index(op.f('ix_post_key'), 'post', ['key'], unique=True)
    for table in ('post', 'comment'):
        op.add_column(table, sa.Column('mentions', JSON, server_default='[]', nullable=False))
        op.add_column(table, sa.Column('edited_at', MOMENT, nullable=True))
        op.add_column(table, sa.Column('deleted_at', MOMENT, nullable=True))
    op.create_table(
        'post_reader',
        sa.Column('id', BIG, nullable=False),
        sa.Column('post_id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_reader_post_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_post_reader_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_post_reader')),
        sa.UniqueConstraint('post_id', 'user_id', name=op.f('uq_post_reader_post_id_user_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_post_reader_user_id'), 'post_reader', ['user_id'])
    op.create_table(
        'post_mail',
        sa.Column('id', BIG, nullable=False),
        sa.Column('post_id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('outgoing_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_mail_post_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['outgoing_id'], ['outgoing.id'], name=op.f('fk_post_mail_outgoing_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_post_mail')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_post_mail_post_id'), 'post_mail', ['post_id'])
    op.create_index(op.f('ix_post_mail_outgoing_id'), 'post_mail', ['outgoing_id'])
    op.create_index(op.f('ix_post_mail_record_type_record_id'), 'post_mail', ['record_type', 'record_id'])
    op.create_table(
        'post_file',
        sa.Column('id', BIG, nullable=False),
        sa.Column('post_id', BIG, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('filename', sa.Text(), nullable=False),
        sa.Column('content_type', sa.Text(), nullable=False),
        sa.Column('size', BIG, nullable=False),
        sa.Column('blob_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_file_post_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['blob_id'], ['blob.id'], name=op.f('fk_post_file_blob_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_post_file')),
        sa.UniqueConstraint('post_id', 'position', name=op.f('uq_post_file_post_id_position')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_post_file_blob_id'), 'post_file', ['blob_id'])


def downgrade() -> None:
    for table in ('post_file', 'post_mail', 'post_reader'):
        op.drop_table(table)
    op.drop_index(op.f('ix_post_key'), 'post')
    for table in ('post', 'comment'):
        for column in ('deleted_at', 'edited_at', 'mentions'):
            op.drop_column(table, column)
    op.drop_column('post', 'key')
    op.drop_column('post', 'everyone')
