"""Folders keep their identity beyond their name, say why the server refuses them, and may be Gmail's labels."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('folder', sa.Column('object_id', sa.Text(), nullable=True))
    op.add_column('folder', sa.Column('labels_of_id', BIG, nullable=True))
    op.add_column('folder', sa.Column('refusals', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('folder', sa.Column('refusal', sa.Text(), nullable=False, server_default=''))
    op.add_column('folder', sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_folder_labels_of_id', 'folder', ['labels_of_id'])
    op.add_column('place', sa.Column('object_id', sa.Text(), nullable=True))
    given = sa.text('object_id IS NOT NULL')
    op.create_index(
        'ix_place_mailbox_id_object_id', 'place', ['mailbox_id', 'object_id'], sqlite_where=given, postgresql_where=given
    )


def downgrade() -> None:
    op.drop_index('ix_place_mailbox_id_object_id', table_name='place')
    op.drop_index('ix_folder_labels_of_id', table_name='folder')
    op.drop_column('place', 'object_id')
    for name in ('retry_at', 'refusal', 'refusals', 'labels_of_id', 'object_id'):
        op.drop_column('folder', name)
