"""Words of fields stand in the index by the word, `$tesla:7` and `$tesla:notes`: a search asks for one range, however many fields."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

KINDS = "('contact', 'company', 'lead', 'deal')"
TABLES = ('company', 'contact', 'lead', 'deal')
INTO = 'INTO record_term (record_type, term, record_id)'
# How a word and its field, as a record has them (`notes:tesla`), stand in a term; and how they stood before.
TERM = {
    'sqlite': "'$' || substr({word}, instr({word}, ':') + 1) || ':' || substr({word}, 1, instr({word}, ':') - 1)",
    'postgresql': "'$' || substr({word}, strpos({word}, ':') + 1) || ':' || split_part({word}, ':', 1)",
}
VALUE, VALUE_BEFORE = "'$' || {word} || ':' || {row}.field_id", "'$' || {row}.field_id || ':' || {word}"
WORDS = {
    'sqlite': "json_each('[\"' || replace({text}, ' ', '\",\"') || '\"]') WHERE value <> ''",
    'postgresql': "regexp_split_to_table({text}, ' ') AS value WHERE value <> ''",
}


def upgrade() -> None:
    sort_again(TERM)
    lay(TERM, VALUE)


def downgrade() -> None:
    as_before = {'sqlite': "'$' || {word}", 'postgresql': "'$' || {word}"}
    # The field stands behind the last colon, and a word has none.
    sort_again(TERM)
    lay(as_before, VALUE_BEFORE)


def sort_again(term: dict[str, str]) -> None:
    """Word and field change places in all terms of fields: aside first, for `$7:12` and `$12:7` may both be there."""
    connection = op.get_bind()
    turned = term[connection.dialect.name].format(word='substr(term, 2)')
    of_fields = "term >= '$' AND term < '%'"
    for statement in (
        f'CREATE TABLE turned_term AS SELECT record_type, {turned} AS term, record_id FROM record_term WHERE {of_fields}',
        f'DELETE FROM record_term WHERE {of_fields}',
        f'INSERT {INTO} SELECT record_type, term, record_id FROM turned_term',
        'DROP TABLE turned_term',
    ):
        connection.execute(sa.text(statement.replace(':', r'\:')))


def lay(term: dict[str, str], value: str) -> None:
    """The triggers that write such terms."""
    connection = op.get_bind()
    statements = _on_sqlite(term, value) if connection.dialect.name == 'sqlite' else _on_postgresql(term, value)
    for statement in statements:
        connection.exec_driver_sql(statement)


def _of_record(dialect: str, term: dict[str, str], row: str) -> str:
    return f"SELECT {term[dialect].format(word='value')} AS term FROM {WORDS[dialect].format(text=f'{row}.field_words')}"


def _of_value(dialect: str, value: str, row: str) -> str:
    cut = 'substr(value, 1, 64)'
    return f"SELECT {value.format(word=cut, row=row)} AS term FROM {WORDS[dialect].format(text=f'{row}.key')}"


def _on_sqlite(term: dict[str, str], value: str) -> Iterator[str]:
    for table in TABLES:
        give = f"INSERT OR IGNORE {INTO} SELECT '{table}', term, NEW.id FROM ({_of_record('sqlite', term, 'NEW')});"
        take = f"DELETE FROM record_term WHERE record_type = '{table}' AND record_id = OLD.id"
        take += f" AND term IN ({_of_record('sqlite', term, 'OLD')});"
        for name, event, condition, body in (
            ('insert', 'INSERT', "NEW.field_words <> ''", give),
            ('update', 'UPDATE OF field_words', 'NEW.field_words IS NOT OLD.field_words', take + give),
            ('delete', 'DELETE', "OLD.field_words <> ''", take),
        ):
            trigger = f'record_term_fields_{table}_{name}'
            yield f'DROP TRIGGER {trigger}'
            yield f'CREATE TRIGGER {trigger} AFTER {event} ON {table} WHEN {condition} BEGIN {body} END'
    kind = '(SELECT record_type FROM custom_field WHERE id = NEW.field_id)'
    give = f"INSERT OR IGNORE {INTO} SELECT {kind}, term, NEW.record_id FROM ({_of_value('sqlite', value, 'NEW')});"
    take = f'DELETE FROM record_term WHERE record_type IN {KINDS} AND record_id = OLD.record_id'
    take += f" AND term IN ({_of_value('sqlite', value, 'OLD')});"
    for name, event, body in (
        ('insert', 'INSERT', give),
        ('update', 'UPDATE OF key, field_id, record_id', take + give),
        ('delete', 'DELETE', take),
    ):
        yield f'DROP TRIGGER record_term_field_{name}'
        yield f'CREATE TRIGGER record_term_field_{name} AFTER {event} ON field_value BEGIN {body} END'


def _on_postgresql(term: dict[str, str], value: str) -> Iterator[str]:
    """`TG_TABLE_NAME` with the database's own collation: see 0047."""
    yield _function(
        'keep_terms_of_fields',
        'record_type = CAST(TG_TABLE_NAME AS text) COLLATE "default" AND record_id = OLD.id',
        _of_record('postgresql', term, 'OLD'),
        f"SELECT TG_TABLE_NAME, made.term, NEW.id FROM ({_of_record('postgresql', term, 'NEW')}) AS made",
    )
    yield _function(
        'keep_terms_of_field',
        f'record_type IN {KINDS} AND record_id = OLD.record_id',
        _of_value('postgresql', value, 'OLD'),
        'SELECT field.record_type, made.term, NEW.record_id FROM custom_field AS field '
        f"CROSS JOIN ({_of_value('postgresql', value, 'NEW')}) AS made WHERE field.id = NEW.field_id",
    )


def _function(name: str, of_it: str, gone: str, come: str) -> str:
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                DELETE FROM record_term WHERE {of_it} AND term = ANY (ARRAY({gone}));
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT {INTO} {come} ON CONFLICT DO NOTHING;
            END IF;
            RETURN NULL;
        END $$
    """
