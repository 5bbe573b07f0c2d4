"""What lets the bytes of drafts be deleted without reading all actions; and why a sent mail has no copy in its mailbox."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

HAS_BLOB = sa.text('blob_id IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_mail_action_blob_id', 'mail_action', ['blob_id'], sqlite_where=HAS_BLOB, postgresql_where=HAS_BLOB
    )
    op.add_column('outgoing', sa.Column('no_copy_reason', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('outgoing', 'no_copy_reason')
    op.drop_index('ix_mail_action_blob_id', table_name='mail_action')
