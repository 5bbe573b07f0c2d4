"""Imports of contacts: the file, what was chosen, and what became of each of its rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'import_run',
        sa.Column('id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('file_name', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('state', sa.String(32), nullable=False),
        sa.Column('header', JSON, nullable=False),
        sa.Column('fields', JSON, nullable=False),
        sa.Column('known', sa.Text(), nullable=False),
        sa.Column('responsible_id', BIG, nullable=True),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('dealt_with', sa.Integer(), nullable=False),
        sa.Column('counts', JSON, nullable=False),
        sa.Column('trial', JSON, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('began_at', MOMENT, nullable=True),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['responsible_id'], ['user.id'], name=op.f('fk_import_run_responsible_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_import_run_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'import_row',
        sa.Column('id', BIG, nullable=False),
        sa.Column('run_id', BIG, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('cells', JSON, nullable=False),
        sa.Column('outcome', sa.String(32), nullable=True),
        sa.Column('refused_column', sa.Text(), nullable=False),
        sa.Column('refused_because', sa.Text(), nullable=False),
        sa.Column('contact_id', BIG, nullable=True),
        sa.Column('company_id', BIG, nullable=True),
        sa.Column('changes', JSON, nullable=True),
        sa.Column('undone', sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_import_row_run_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row')),
        sa.UniqueConstraint('run_id', 'number', name=op.f('uq_import_row_run_id_number')),
        sqlite_autoincrement=True,
    )
    op.create_index('ix_import_row_run_id_contact_id', 'import_row', ['run_id', 'contact_id'])
    op.create_index('ix_import_row_run_id_outcome', 'import_row', ['run_id', 'outcome', 'number'])


def downgrade() -> None:
    op.drop_table('import_row')
    op.drop_table('import_run')
