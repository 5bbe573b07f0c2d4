"""Posts are found by an index of their words; they were looked through one by one."""

import re

import sqlalchemy as sa
from alembic import op

from storage.folding import fold

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SORTED = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
WORD = re.compile(r'[^\W_]+')
CHUNK, LONGEST, MOST = 500, 64, 2000


def upgrade() -> None:
    terms = op.create_table(
        'post_term',
        sa.Column('term', SORTED, nullable=False),
        sa.Column('post_id', BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_term_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('term', 'post_id', name=op.f('pk_post_term')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_post_term_post_id'), 'post_term', ['post_id'])
    connection = op.get_bind()
    some = sa.text(f'SELECT id, title, text FROM post WHERE id > :last ORDER BY id LIMIT {CHUNK}')
    posts = list(connection.execute(some, {'last': 0}))
    while posts:
        rows = [{'term': term, 'post_id': post.id} for post in posts for term in _terms(f'{post.title}\n{post.text}')]
        if rows:
            connection.execute(terms.insert(), rows)
        posts = list(connection.execute(some, {'last': posts[-1].id}))


def downgrade() -> None:
    op.drop_table('post_term')


def _terms(text: str) -> list[str]:
    return list(dict.fromkeys(word[:LONGEST] for word in WORD.findall(fold(text))))[:MOST]
