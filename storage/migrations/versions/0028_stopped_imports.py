"""Why an import did not go on."""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('import_run', sa.Column('stopped', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('import_run', 'stopped')
