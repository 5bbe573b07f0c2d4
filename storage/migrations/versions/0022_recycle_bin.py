"""Who deleted a record, and which other it was merged into; a recipient outlives its contact."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
RECORDS = ('contact', 'company', 'lead', 'deal')
MERGED = ('contact', 'company', 'lead')


def upgrade() -> None:
    for table in RECORDS:
        op.add_column(table, sa.Column('deleted_by_id', BIG, nullable=True))
        _index_few(table, 'deleted_at')
    for table in MERGED:
        op.add_column(table, sa.Column('merged_into_id', BIG, nullable=True))
        _index_few(table, 'merged_into_id')
    _let_contact_be_null(nullable=True)


def downgrade() -> None:
    _let_contact_be_null(nullable=False)
    for table in MERGED:
        op.drop_index(op.f(f'ix_{table}_merged_into_id'), table_name=table)
        op.drop_column(table, 'merged_into_id')
    for table in RECORDS:
        op.drop_index(op.f(f'ix_{table}_deleted_at'), table_name=table)
        op.drop_column(table, 'deleted_by_id')


def _index_few(table: str, column: str) -> None:
    such = sa.text(f'{column} IS NOT NULL')
    op.create_index(op.f(f'ix_{table}_{column}'), table, [column], sqlite_where=such, postgresql_where=such)


def _let_contact_be_null(*, nullable: bool) -> None:
    """On SQLite in the table's own words (sqlite.org/lang_altertable.html §7): no row is rewritten, however many there are."""
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('recipient', 'contact_id', existing_type=sa.BigInteger(), nullable=nullable)
        return
    words = ('contact_id INTEGER NOT NULL,', 'contact_id INTEGER,')
    before, after = words if nullable else reversed(words)
    version = op.get_bind().exec_driver_sql('PRAGMA schema_version').scalar_one()
    op.execute('PRAGMA writable_schema = ON')
    change = "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'recipient'"
    op.execute(sa.text(change).bindparams(before=before, after=after))
    op.execute(f'PRAGMA schema_version = {version + 1}')
    op.execute('PRAGMA writable_schema = OFF')
