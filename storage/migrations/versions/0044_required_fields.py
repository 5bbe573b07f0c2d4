"""Stages of deals and leads say which fields are to be filled in before a record is put there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
TABLES = ('stage', 'lead_stage')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('required', JSON, server_default='[]', nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'required')
