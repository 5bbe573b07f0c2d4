"""Imports of all kinds of records, and a stopped one that can go on."""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('import_run', sa.Column('record_type', sa.String(32), server_default='contact', nullable=False))
    op.add_column('import_run', sa.Column('missing', sa.Text(), server_default='refuse', nullable=False))
    op.add_column('import_run', sa.Column('unfinished', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index('ix_import_row_run_id_contact_id', table_name='import_row')
    op.execute('ALTER TABLE import_row RENAME COLUMN contact_id TO record_id')
    op.create_index('ix_import_row_run_id_record_id', 'import_row', ['run_id', 'record_id'])
    op.add_column('import_row', sa.Column('contact_id', BIG, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM import_row WHERE run_id IN (SELECT id FROM import_run WHERE record_type <> 'contact')")
    op.execute("DELETE FROM import_run WHERE record_type <> 'contact'")
    op.drop_column('import_row', 'contact_id')
    op.drop_index('ix_import_row_run_id_record_id', table_name='import_row')
    op.execute('ALTER TABLE import_row RENAME COLUMN record_id TO contact_id')
    op.create_index('ix_import_row_run_id_contact_id', 'import_row', ['run_id', 'contact_id'])
    for name in ('unfinished', 'missing', 'record_type'):
        op.drop_column('import_run', name)
