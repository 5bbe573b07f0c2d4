"""Records are found by the words of their custom fields: each is a term with the field's number, `$7:word`."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.folding import name_key

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

SORTED = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
CHUNK = 5000
KINDS = "('contact', 'company', 'lead', 'deal')"
# `{}` is the row of field_value. In SQLite's words:
OF_VALUE = (
    "SELECT '$' || {}.field_id || ':' || substr(value, 1, 64) AS term "
    "FROM json_each('[\"' || replace({}.key, ' ', '\",\"') || '\"]') WHERE value <> ''"
)
OF_VALUE_POSTGRESQL = (
    "SELECT '$' || {}.field_id || ':' || left(word, 64) AS term "
    "FROM regexp_split_to_table({}.key, ' ') AS word WHERE word <> ''"
)
TAKE = f'DELETE FROM record_term WHERE record_type IN {KINDS} AND record_id = OLD.record_id AND term IN '
FUNCTION_POSTGRESQL = f"""
    CREATE FUNCTION keep_terms_of_field() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            {TAKE} ({OF_VALUE_POSTGRESQL.replace('{}', 'OLD')});
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO record_term (record_type, term, record_id)
                SELECT field.record_type, made.term, NEW.record_id FROM custom_field AS field
                CROSS JOIN ({OF_VALUE_POSTGRESQL.replace('{}', 'NEW')}) AS made WHERE field.id = NEW.field_id
                ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END $$
"""
CHANGED = 'UPDATE OF key, field_id, record_id'


def upgrade() -> None:
    op.add_column('field_value', sa.Column('key', SORTED, server_default='', nullable=False))
    _make_keys()
    if op.get_bind().dialect.name == 'sqlite':
        _fill_on_sqlite()
        for name, event, body in _triggers_on_sqlite():
            op.get_bind().exec_driver_sql(f'CREATE TRIGGER {name} AFTER {event} ON field_value BEGIN {body} END')
        return
    op.get_bind().exec_driver_sql(
        'INSERT INTO record_term (record_type, term, record_id) SELECT field.record_type, made.term, one.record_id '
        'FROM field_value AS one JOIN custom_field AS field ON field.id = one.field_id '
        f"CROSS JOIN LATERAL ({OF_VALUE_POSTGRESQL.replace('{}', 'one')}) AS made ON CONFLICT DO NOTHING"
    )
    op.get_bind().exec_driver_sql(FUNCTION_POSTGRESQL)
    op.execute(
        f'CREATE TRIGGER record_term_field AFTER INSERT OR DELETE OR {CHANGED} ON field_value '
        'FOR EACH ROW EXECUTE FUNCTION keep_terms_of_field()'
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name, _, _ in _triggers_on_sqlite():
            op.execute(f'DROP TRIGGER {name}')
    else:
        op.execute('DROP TRIGGER record_term_field ON field_value')
        op.execute('DROP FUNCTION keep_terms_of_field()')
    op.get_bind().exec_driver_sql("DELETE FROM record_term WHERE substr(term, 1, 1) = '$'")
    op.drop_column('field_value', 'key')


def _make_keys() -> None:
    connection = op.get_bind()
    update = sa.text('UPDATE field_value SET key = :key WHERE id = :id')
    for rows in _chunks(connection):
        connection.execute(update, [{'id': row.id, 'key': name_key(row.text)} for row in rows])


def _chunks(connection: sa.Connection) -> Iterator[list[sa.Row[Any]]]:
    some = sa.text(f'SELECT id, text FROM field_value WHERE id > :last ORDER BY id LIMIT {CHUNK}')
    rows = list(connection.execute(some, {'last': 0}))
    while rows:
        yield rows
        rows = list(connection.execute(some, {'last': rows[-1].id}))


def _fill_on_sqlite() -> None:
    term = "'$' || one.field_id || ':' || substr(value, 1, 64)"
    words = "json_each('[\"' || replace(one.key, ' ', '\",\"') || '\"]')"
    op.get_bind().exec_driver_sql(
        f'INSERT OR IGNORE INTO record_term (record_type, term, record_id) SELECT field.record_type, {term}, one.record_id '
        f"FROM field_value AS one JOIN custom_field AS field ON field.id = one.field_id, {words} WHERE value <> ''"
    )


def _triggers_on_sqlite() -> Iterator[tuple[str, str, str]]:
    kind = '(SELECT record_type FROM custom_field WHERE id = NEW.field_id)'
    give = (
        'INSERT OR IGNORE INTO record_term (record_type, term, record_id) '
        f"SELECT {kind}, term, NEW.record_id FROM ({OF_VALUE.replace('{}', 'NEW')});"
    )
    take = f"{TAKE} (SELECT term FROM ({OF_VALUE.replace('{}', 'OLD')}));"
    yield 'record_term_field_insert', 'INSERT', give
    yield 'record_term_field_update', CHANGED, take + give
    yield 'record_term_field_delete', 'DELETE', take
