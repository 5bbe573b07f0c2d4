"""People choose how days and numbers are written; amounts stand in the smallest unit of currencies without cents too.

Pages took every currency for one of two decimals. What they showed is what people meant: 1,200 yen that were stored as 120,000
become 1200, so that pages show what they showed before, and programs what is true. Histories keep what they told.
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.field_words import field_words

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
NONE = "('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF')"
THREE = "('BHD','IQD','JOD','KWD','LYD','OMR','TND')"
FOUR = "('CLF','UYW')"
"""Currencies by their decimals, as ISO 4217 had them when this was written."""
WORDS_OF = ('amount', 'currency', 'closes_on', 'tags', 'source', 'notes')
CHUNK = 2000
OLD_TO_NEW = ((NONE, '({} + 50) / 100'), (THREE, '{} * 10'), (FOUR, '{} * 100'))
NEW_TO_OLD = ((NONE, '{} * 100'), (THREE, '({} + 5) / 10'), (FOUR, '({} + 50) / 100'))


def upgrade() -> None:
    op.add_column('user', sa.Column('formats', JSON, server_default='{}', nullable=False))
    for currencies, formula in OLD_TO_NEW:
        _count_anew(currencies, formula)
    _find_amounts_anew(op.get_bind())


def downgrade() -> None:
    # Words of deals stay: by them an amount of yen is found before and after.
    for currencies, formula in NEW_TO_OLD:
        _count_anew(currencies, formula)
    op.drop_column('user', 'formats')


def _count_anew(currencies: str, formula: str) -> None:
    of_deals = f'deal_id IN (SELECT id FROM deal WHERE currency IN {currencies})'
    op.execute(f"UPDATE deal_line SET price = {formula.format('price')} WHERE {of_deals}")
    for table, column in (('deal', 'amount'), ('product', 'price')):
        op.execute(f"UPDATE {table} SET {column} = {formula.format(column)} WHERE currency IN {currencies}")
    money = f"field_id IN (SELECT id FROM custom_field WHERE kind = 'money' AND currency IN {currencies})"
    whole = formula.format('CAST(number AS BIGINT)')
    op.execute(
        f"UPDATE field_value SET number = {whole}, text = CAST({whole} AS TEXT), key = CAST({whole} AS TEXT) WHERE {money}"
    )


def _find_amounts_anew(connection: sa.Connection) -> None:
    """Deals in these currencies are found by what their amounts are now."""
    some = sa.text(
        f"SELECT id, {', '.join(WORDS_OF)} FROM deal WHERE id > :last AND amount <> 0 "
        f"AND (currency IN {NONE} OR currency IN {THREE} OR currency IN {FOUR}) ORDER BY id LIMIT {CHUNK}"
    )
    update = sa.text('UPDATE deal SET field_words = :words WHERE id = :id')
    last = 0
    while rows := [dict(row) for row in connection.execute(some, {'last': last}).mappings()]:
        last = rows[-1]['id']
        for row in rows:
            row['tags'] = json.loads(row['tags']) if isinstance(row['tags'], str) else row['tags']
        words = [{'id': row['id'], 'words': field_words({field: row[field] for field in WORDS_OF})} for row in rows]
        connection.execute(update, words)
