"""Many records are deleted and moved at once too: what was done to each, as undoing needs it, stands in the parts of the act."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.add_column('bulk_edit', sa.Column('act', sa.Text(), server_default='edit', nullable=False))
    op.add_column('bulk_edit_part', sa.Column('made', JSON, server_default='[]', nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM bulk_edit_part WHERE bulk_edit_id IN (SELECT id FROM bulk_edit WHERE act <> 'edit')")
    op.execute("DELETE FROM bulk_edit WHERE act <> 'edit'")
    op.drop_column('bulk_edit_part', 'made')
    op.drop_column('bulk_edit', 'act')
