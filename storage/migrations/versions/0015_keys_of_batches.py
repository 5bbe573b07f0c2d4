"""Keys of the batches that are being taken in; nothing stays in the table, so a crash of the server may empty it."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    prefixes = ['UNLOGGED'] if op.get_bind().dialect.name == 'postgresql' else []
    op.create_table(
        'intake_key',
        sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_intake_key')),
        prefixes=prefixes,
    )


def downgrade() -> None:
    op.drop_table('intake_key')
