"""Blobs are found by their id alone: the index on their hashes was a fifth of all that a batch of mail wrote."""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_blob_sha256', table_name='blob')


def downgrade() -> None:
    op.create_index('ix_blob_sha256', 'blob', ['sha256'])
