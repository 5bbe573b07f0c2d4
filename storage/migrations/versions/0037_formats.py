"""People choose how days and numbers are written; amounts stand in the smallest unit of currencies without cents too.

Pages took every currency for one of two decimals. What they showed is what people meant: 1,200 yen that were stored as 120,000
become 1200, so that pages show what they showed before, and programs what is true. Histories keep what they told.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
NONE = "('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF')"
THREE = "('BHD','IQD','JOD','KWD','LYD','OMR','TND')"
FOUR = "('CLF','UYW')"
"""Currencies by their decimals, as ISO 4217 had them when this was written."""
OLD_TO_NEW = ((NONE, '({} + 50) / 100'), (THREE, '{} * 10'), (FOUR, '{} * 100'))
NEW_TO_OLD = ((NONE, '{} * 100'), (THREE, '({} + 5) / 10'), (FOUR, '({} + 50) / 100'))


def upgrade() -> None:
    op.add_column('user', sa.Column('formats', JSON, server_default='{}', nullable=False))
    for currencies, formula in OLD_TO_NEW:
        _count_anew(currencies, formula)


def downgrade() -> None:
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
