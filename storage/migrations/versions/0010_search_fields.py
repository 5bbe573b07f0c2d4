"""Search by field and newest first; lists of folders and counts of unread mail that cost the same in a large store.

The words of all stored mail are indexed again, in the order of an index that is there: no text is sorted, so no room beside
the database is wanted for it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.folding import fold

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

CHUNK = 5000
FIELDS = ('sender', 'recipients', 'copies', 'files')
FIELD_OF_ROLE = {'from': 'sender', 'sender': 'sender', 'reply_to': 'sender', 'to': 'recipients', 'cc': 'copies'}
LISTED = 'subject, sender, recipients, copies, files, body'
PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"
NUMBER = (
    "(min(max(CAST(strftime('%s', substr(m.date, 1, 19)) AS INTEGER) - 315532800, 0), 4294967295) << 31) "
    "| (m.id & 2147483647)"
)
# FTS5 is filled fastest by numbers that ascend; `ORDER BY 1` would put all text through a temporary file.
WORDS_BY_DATE = 'SELECT {}, {} FROM message m JOIN message_text t ON t.id = m.id ORDER BY m.date, m.id'.format(
    NUMBER, ', '.join(f't.{column}' for column in LISTED.split(', '))
)
# Between two fields stands a word that nobody writes, so that no phrase reaches from one into the next.
VECTOR = "to_tsvector('simple', translate({}, '{}', '{}'))".format(
    " || ' zzfieldzz ' || ".join(LISTED.split(', ')), PUNCTUATION, ' ' * (len(PUNCTUATION) - 1)
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.execute('DROP TABLE message_search' if sqlite else 'DROP INDEX ix_message_text_search')
    _make_table('message_text_new', sqlite=sqlite)
    _fill()
    op.drop_table('message_text')
    op.rename_table('message_text_new', 'message_text')
    if sqlite:
        op.execute(
            f"CREATE VIRTUAL TABLE message_search USING fts5({LISTED}, content='', columnsize=0, "
            "tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute(f'INSERT INTO message_search (rowid, {LISTED}) {WORDS_BY_DATE}')
    else:
        op.execute('ALTER TABLE message_text RENAME CONSTRAINT pk_message_text_new TO pk_message_text')
        op.execute('ALTER TABLE message_text RENAME CONSTRAINT fk_message_text_new_id TO fk_message_text_id')
        op.execute('CREATE INDEX ix_message_text_search ON message_text USING gin (vector)')
    op.drop_index('ix_place_message_id', table_name='place')
    op.create_index('ix_place_message_id_folder_id', 'place', ['message_id', 'folder_id'])
    op.create_index(
        'ix_place_unread',
        'place',
        ['folder_id', 'message_id'],
        sqlite_where=sa.text('seen = 0'),
        postgresql_where=sa.text('NOT seen'),
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.drop_index('ix_place_unread', table_name='place')
    op.drop_index('ix_place_message_id_folder_id', table_name='place')
    op.create_index('ix_place_message_id', 'place', ['message_id'])
    if sqlite:
        op.execute('DROP TABLE message_search')
    else:
        op.execute('DROP INDEX ix_message_text_search')
        op.drop_column('message_text', 'vector')
    op.add_column('message_text', sa.Column('people', sa.Text(), nullable=False, server_default=''))
    op.execute("UPDATE message_text SET people = sender || ' ' || recipients || ' ' || copies, body = body || ' ' || files")
    for field in FIELDS:
        op.drop_column('message_text', field)
    if sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE message_search USING fts5(subject, people, body, "
            "content='message_text', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute("INSERT INTO message_search (message_search) VALUES ('rebuild')")
    else:
        op.execute(
            "CREATE INDEX ix_message_text_search ON message_text USING gin "
            "(to_tsvector('simple', subject || ' ' || people || ' ' || body))"
        )


def _make_table(name: str, *, sqlite: bool) -> None:
    """PostgreSQL wants names of constraints that no other table has; SQLite can not change them later."""
    named = 'message_text' if sqlite else name
    columns = [sa.Column(column, sa.Text(), nullable=False) for column in LISTED.split(', ')]
    if not sqlite:
        columns.append(sa.Column('vector', postgresql.TSVECTOR(), sa.Computed(VECTOR, persisted=True)))
    op.create_table(
        name,
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(['id'], ['message.id'], name=f'fk_{named}_id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=f'pk_{named}'),
    )


def _fill() -> None:
    """Who is named where was not kept apart; the words in `people` are folded already, those here are not yet."""
    connection = op.get_bind()
    last = connection.execute(sa.text('SELECT max(id) FROM message_text')).scalar() or 0
    insert = sa.text(
        f'INSERT INTO message_text_new (id, {LISTED}) '
        'VALUES (:id, :subject, :sender, :recipients, :copies, :files, :body)'
    )
    for start in range(0, last + 1, CHUNK):
        rows = _rows_between(connection, start, start + CHUNK)
        if rows:
            connection.execute(insert, rows)


def _rows_between(connection: sa.Connection, first: int, end: int) -> list[dict[str, Any]]:
    within = {'first': first, 'end': end}
    found: dict[int, dict[str, Any]] = {}
    words = sa.text('SELECT id, subject, body FROM message_text WHERE id >= :first AND id < :end ORDER BY id')
    for message_id, subject, body in connection.execute(words, within):
        found[message_id] = {'id': message_id, 'subject': subject, 'body': body, **dict.fromkeys(FIELDS, '')}
    named = sa.text(
        'SELECT message_id, role, name, address FROM message_address '
        'WHERE message_id >= :first AND message_id < :end ORDER BY message_id, role, position'
    )
    for message_id, role, name, address in connection.execute(named, within):
        if role in FIELD_OF_ROLE and message_id in found:
            found[message_id][FIELD_OF_ROLE[role]] += f'{name} {address}\n'
    files = sa.text('SELECT message_id, filename FROM part WHERE message_id >= :first AND message_id < :end')
    for message_id, filename in connection.execute(files, within):
        if message_id in found:
            found[message_id]['files'] += f'{filename}\n'
    for row in found.values():
        row.update({field: fold(row[field]) for field in FIELDS if row[field]})
    return list(found.values())
