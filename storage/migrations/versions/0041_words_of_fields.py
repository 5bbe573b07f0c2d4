"""Records are found by the words of their standard fields too, `$notes:word`; tasks by an index of theirs."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.field_words import field_words
from storage.folding import words_of

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SORTED = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
FIELDS = {
    'company': ('domain', 'tags', 'source', 'notes'),
    'contact': ('position', 'tags', 'source', 'notes'),
    'lead': ('name', 'tags', 'source', 'notes'),
    'deal': ('amount', 'currency', 'closes_on', 'tags', 'source', 'notes'),
}
SAID = ('title', 'tags', 'sender_name', 'sender_address', 'text')
CHUNK, LONGEST, MOST = 2000, 64, 2000
# `{}` is the row. In SQLite's words:
TERMS = "SELECT '$' || value FROM json_each('[\"' || replace({}.field_words, ' ', '\",\"') || '\"]') WHERE value <> ''"
TERMS_POSTGRESQL = "SELECT '$' || word FROM regexp_split_to_table({}.field_words, ' ') AS word WHERE word <> ''"
FUNCTION_POSTGRESQL = f"""
    CREATE FUNCTION keep_terms_of_fields() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM record_term WHERE record_type = CAST(TG_TABLE_NAME AS text) COLLATE "default" AND record_id = OLD.id
                AND term = ANY (ARRAY({TERMS_POSTGRESQL.replace('{}', 'OLD')}));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO record_term (record_type, term, record_id)
                SELECT TG_TABLE_NAME, made.term, NEW.id FROM ({TERMS_POSTGRESQL.replace('{}', 'NEW')}) AS made (term)
                ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == 'sqlite'
    if not sqlite:
        connection.exec_driver_sql(FUNCTION_POSTGRESQL)
    for table, fields in FIELDS.items():
        op.add_column(table, sa.Column('field_words', sa.String(), server_default='', nullable=False))
        for statement in _triggers_on_sqlite(table) if sqlite else _triggers_on_postgresql(table):
            connection.exec_driver_sql(statement)
        update = sa.text(f'UPDATE {table} SET field_words = :words WHERE id = :id')
        for rows in _chunks(connection, table, fields):
            filled = [{'id': row['id'], 'words': field_words({field: row[field] for field in fields})} for row in rows]
            if with_words := [each for each in filled if each['words']]:
                connection.execute(update, with_words)
    _index_tasks(connection)


def downgrade() -> None:
    op.drop_table('task_term')
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in FIELDS:
        for event in ('insert', 'update', 'delete'):
            op.execute(f'DROP TRIGGER record_term_fields_{table}_{event}' + ('' if sqlite else f' ON {table}'))
        op.drop_column(table, 'field_words')
    if not sqlite:
        op.execute('DROP FUNCTION keep_terms_of_fields()')
    # A custom field's terms begin with its number.
    op.get_bind().exec_driver_sql("DELETE FROM record_term WHERE substr(term, 1, 1) = '$' AND substr(term, 2, 1) > '9'")


def _index_tasks(connection: sa.Connection) -> None:
    terms = op.create_table(
        'task_term',
        sa.Column('term', SORTED, nullable=False),
        sa.Column('task_id', BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_term_task_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('term', 'task_id', name=op.f('pk_task_term')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_task_term_task_id_term', 'task_term', ['task_id', 'term'])
    for tasks in _chunks(connection, 'task', SAID):
        rows = [{'term': term, 'task_id': task['id']} for task in tasks for term in _terms(task)]
        if rows:
            connection.execute(terms.insert(), rows)


def _terms(task: dict[str, Any]) -> list[str]:
    text = '\n'.join(part for field in SAID for part in (task[field] if field == 'tags' else (task[field],)))
    return list(dict.fromkeys(word[:LONGEST] for word in words_of(text)))[:MOST]


def _chunks(connection: sa.Connection, table: str, fields: tuple[str, ...]) -> Iterator[list[dict[str, Any]]]:
    some = sa.text(f"SELECT id, {', '.join(fields)} FROM {table} WHERE id > :last ORDER BY id LIMIT {CHUNK}")
    last = 0
    while rows := [dict(row) for row in connection.execute(some, {'last': last}).mappings()]:
        last = rows[-1]['id']
        for row in rows:
            row['tags'] = json.loads(row['tags']) if isinstance(row['tags'], str) else row['tags']
        yield rows


def _triggers_on_sqlite(table: str) -> Iterator[str]:
    into = 'INSERT OR IGNORE INTO record_term (record_type, term, record_id)'
    give = f"{into} SELECT '{table}', made.*, NEW.id FROM ({TERMS.replace('{}', 'NEW')}) AS made;"
    take = (
        f"DELETE FROM record_term WHERE record_type = '{table}' AND record_id = OLD.id "
        f"AND term IN ({TERMS.replace('{}', 'OLD')});"
    )
    update = 'UPDATE OF field_words'
    for name, event, condition, body in (
        ('insert', 'INSERT', "NEW.field_words <> ''", give),
        ('update', update, 'NEW.field_words IS NOT OLD.field_words', take + give),
        ('delete', 'DELETE', "OLD.field_words <> ''", take),
    ):
        yield (
            f'CREATE TRIGGER record_term_fields_{table}_{name} AFTER {event} ON {table} WHEN {condition} BEGIN {body} END'
        )


def _triggers_on_postgresql(table: str) -> Iterator[str]:
    for name, event, condition in (
        ('insert', 'INSERT', "NEW.field_words <> ''"),
        ('update', 'UPDATE OF field_words', 'NEW.field_words IS DISTINCT FROM OLD.field_words'),
        ('delete', 'DELETE', "OLD.field_words <> ''"),
    ):
        yield (
            f'CREATE TRIGGER record_term_fields_{table}_{name} AFTER {event} ON {table} '
            f'FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION keep_terms_of_fields()'
        )
