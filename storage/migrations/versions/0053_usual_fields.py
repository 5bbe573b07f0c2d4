"""The usual fields of contacts, companies and leads: address, website, parts of the name, birthday, size, amount.

All are empty, so no row is written: neither database rewrites a table for a column with a constant default.
"""

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ADDRESS = ('street', 'postcode', 'city', 'region', 'country')
TEXTS = {
    'company': ('website', 'industry', 'employees', *ADDRESS),
    'contact': ('salutation', 'first_name', 'last_name', 'birthday', 'website', 'messenger', *ADDRESS),
    'lead': ('company_name', 'position', 'website', 'currency', *ADDRESS),
}


def upgrade() -> None:
    for table, columns in TEXTS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.String(), server_default='', nullable=False))
    op.add_column('lead', sa.Column('amount', BIG, server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('lead', 'amount')
    for table, columns in TEXTS.items():
        for column in columns:
            op.drop_column(table, column)
