"""Files that people put on records or into posts are found by the words of their names."""

import sqlalchemy as sa
from alembic import op

from storage.folding import LONGEST_TEXT_WORD, words_of

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SORTED = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
FILES = {'record_file': 'record_file_id', 'post_file': 'post_file_id'}
AT_ONCE = 1_000


def upgrade() -> None:
    op.create_table(
        'file_term',
        sa.Column('id', BIG, nullable=False),
        sa.Column('term', SORTED, nullable=False),
        *(sa.Column(column, BIG, nullable=True) for column in FILES.values()),
        *(
            sa.ForeignKeyConstraint(
                [column], [f'{table}.id'], name=op.f(f'fk_file_term_{column}_{table}'), ondelete='CASCADE'
            )
            for table, column in FILES.items()
        ),
        *(
            sa.UniqueConstraint(column, 'term', name=op.f(f'uq_file_term_{column}_term'))
            for column in FILES.values()
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_file_term')),
    )
    for column in FILES.values():
        op.create_index(op.f(f'ix_file_term_term_{column}'), 'file_term', ['term', column])
    for table, column in FILES.items():
        _fill(table, column)


def downgrade() -> None:
    op.drop_table('file_term')


def _fill(table: str, column: str) -> None:
    connection = op.get_bind()
    into = sa.table('file_term', sa.column('term'), sa.column(column))
    some = sa.text(f'SELECT id, filename FROM {table} WHERE id > :last ORDER BY id LIMIT {AT_ONCE}')
    last = 0
    while rows := connection.execute(some, {'last': last}).all():
        last = rows[-1].id
        terms = [
            {'term': term, column: row.id}
            for row in rows
            for term in sorted({word[:LONGEST_TEXT_WORD] for word in words_of(row.filename)})
        ]
        if terms:
            connection.execute(sa.insert(into), terms)
