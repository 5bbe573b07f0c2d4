"""Lists, boards and the stream of a large company go by an index; records are found by words, tags, sources, addresses and phones."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.folding import name_key

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SORTED = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
NAMES = {'contact': 'name', 'company': 'name', 'lead': 'title', 'deal': 'title'}
LISTED = (('name_key', 'id'), ('responsible_id', 'id'), ('created_at', 'id'))
CHUNK = 5000
THERE = 'deleted_at IS NULL'
PLANNED = "completed_at IS NULL AND (deadline IS NOT NULL OR kind IN ('task', 'call', 'meeting'))"
OF_ACTIVITY = {
    'ix_activity_author_id_at': (['author_id', 'at'], 'author_id IS NOT NULL'),
    'ix_activity_planned': (['responsible_id', 'deadline'], PLANNED),
    'ix_activity_kind_at': (['kind', 'at'], "kind <> 'mail'"),
    'ix_activity_task_id': (['task_id'], 'task_id IS NOT NULL'),
    'ix_activity_post_id': (['post_id'], 'post_id IS NOT NULL'),
}

# What a record is found by: its words, `#tag`, `=source`; `{}` is the row. In SQLite's words, each a source of rows of `value`.
OF_RECORD = {
    "substr(value, 1, 64)": "json_each('[\"' || replace({}.name_key, ' ', '\",\"') || '\"]') WHERE value <> ''",
    "'#' || substr(value, 1, 64)": 'json_each({}.tags)',
    "'=' || substr(value, 1, 64)": "json_each(json_array({}.source)) WHERE value <> ''",
}
# Of a channel `@address`, and of a phone its last nine digits from behind: a number that was typed in any way ends as it does.
DIGITS = "replace({}.key, '+', '')"
BACKWARDS = ' || '.join(f'substr({DIGITS}, -{place}, 1)' for place in range(1, 10))
OF_CHANNEL = (
    "SELECT '@' || substr({}.key, 1, 100) AS term UNION SELECT '+' || " + BACKWARDS + " WHERE {}.kind = 'phone'"
)
OF_CHANNEL_POSTGRESQL = (
    "SELECT '@' || left({}.key, 100) AS term UNION SELECT '+' || reverse(right(" + DIGITS + ", 9)) WHERE {}.kind = 'phone'"
)
FUNCTIONS_POSTGRESQL = """
    CREATE FUNCTION record_terms(name_key text, tags jsonb, source text) RETURNS SETOF text IMMUTABLE LANGUAGE sql AS $$
        SELECT left(word, 64) FROM regexp_split_to_table(name_key, ' ') AS word WHERE word <> ''
        UNION SELECT '#' || left(tag, 64) FROM jsonb_array_elements_text(tags) AS tag
        UNION SELECT '=' || left(source, 64) WHERE source <> ''
    $$;
    CREATE FUNCTION keep_terms_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM record_term WHERE record_type = CAST(TG_TABLE_NAME AS text) COLLATE "default" AND record_id = OLD.id
                AND term = ANY (ARRAY(SELECT record_terms(OLD.name_key, OLD.tags, OLD.source)));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO record_term (record_type, term, record_id)
                SELECT TG_TABLE_NAME, term, NEW.id FROM record_terms(NEW.name_key, NEW.tags, NEW.source) AS term
                ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION keep_terms_of_channel() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM record_term WHERE record_type = OLD.record_type AND record_id = OLD.record_id
                AND term IN (""" + OF_CHANNEL_POSTGRESQL.replace('{}', 'OLD') + """);
            INSERT INTO record_term (record_type, term, record_id)
                SELECT other.record_type, made.term, other.record_id FROM channel AS other
                CROSS JOIN LATERAL (""" + OF_CHANNEL_POSTGRESQL.replace('{}', 'other') + """) AS made
                WHERE other.record_type = OLD.record_type AND other.record_id = OLD.record_id
                ON CONFLICT DO NOTHING;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO record_term (record_type, term, record_id)
                SELECT NEW.record_type, term, NEW.record_id FROM (""" + OF_CHANNEL_POSTGRESQL.replace('{}', 'NEW') + """) AS made
                ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.create_table(
        'record_term',
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('term', SORTED, nullable=False),
        sa.Column('record_id', BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('record_type', 'term', 'record_id', name=op.f('pk_record_term')),
        sqlite_with_rowid=False,
    )
    for table, name in NAMES.items():
        op.add_column(table, sa.Column('name_key', SORTED, server_default='', nullable=False))
        _make_keys(table, name)
        for columns in LISTED:
            op.create_index(op.f(f'ix_{table}_{"_".join(columns)}'), table, list(columns))
    _change_indexes()
    if sqlite:
        _fill_on_sqlite()
        for statement in _triggers_on_sqlite():
            op.get_bind().exec_driver_sql(statement)
    else:
        op.get_bind().exec_driver_sql(FUNCTIONS_POSTGRESQL)
        _fill_on_postgresql()
        for table in NAMES:
            _keep_on_postgresql(table, 'UPDATE OF name_key, tags, source', 'keep_terms_of_record')
        _keep_on_postgresql('channel', 'UPDATE OF kind, key, record_type, record_id', 'keep_terms_of_channel')


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in (*NAMES, 'channel'):
        for act in ('insert', 'update', 'delete') if sqlite else ('',):
            name = f'record_term_{table}' + (f'_{act}' if act else '')
            op.execute(f'DROP TRIGGER {name}' + ('' if sqlite else f' ON {table}'))
    if not sqlite:
        op.execute('DROP FUNCTION keep_terms_of_record(), keep_terms_of_channel(), record_terms(text, jsonb, text)')
    _change_indexes_back()
    for table in NAMES:
        for columns in LISTED:
            op.drop_index(op.f(f'ix_{table}_{"_".join(columns)}'), table_name=table)
        op.drop_column(table, 'name_key')
    op.drop_table('record_term')


def _make_keys(table: str, name: str) -> None:
    connection = op.get_bind()
    update = sa.text(f'UPDATE {table} SET name_key = :key WHERE id = :id')
    for rows in _chunks(connection, table, name):
        connection.execute(update, [{'id': row.id, 'key': name_key(row.name)} for row in rows])


def _chunks(connection: sa.Connection, table: str, name: str) -> Iterator[list[sa.Row[Any]]]:
    some = sa.text(f'SELECT id, {name} AS name FROM {table} WHERE id > :last ORDER BY id LIMIT {CHUNK}')
    rows = list(connection.execute(some, {'last': 0}))
    while rows:
        yield rows
        rows = list(connection.execute(some, {'last': rows[-1].id}))


def _change_indexes() -> None:
    there = sa.text(THERE)
    op.drop_index('ix_lead_state', table_name='lead')
    op.drop_index('ix_lead_stage_id', table_name='lead')
    op.create_index('ix_lead_state_id', 'lead', ['state', 'id'])
    op.create_index('ix_lead_stage_id_id', 'lead', ['stage_id', 'id'])
    op.create_index('ix_lead_board', 'lead', ['stage_id', 'responsible_id'], sqlite_where=there, postgresql_where=there)
    op.drop_index('ix_deal_stage_id', table_name='deal')
    op.create_index('ix_deal_stage_id_id', 'deal', ['stage_id', 'id'])
    of_board = ['pipeline_id', 'stage_id', 'currency', 'responsible_id', 'amount']
    op.create_index('ix_deal_board', 'deal', of_board, sqlite_where=there, postgresql_where=there)
    is_open = sa.text("status <> 'done'")
    op.create_index('ix_task_open', 'task', ['responsible_id', 'deadline'], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index('ix_follow_record_type_record_id', 'follow', ['record_type', 'record_id'])
    for name in ('ix_activity_responsible_id_completed_at', 'ix_activity_task_id', 'ix_activity_post_id'):
        op.drop_index(name, table_name='activity')
    op.create_index('ix_activity_responsible_id_at', 'activity', ['responsible_id', 'at'])
    for name, (columns, such) in OF_ACTIVITY.items():
        where = sa.text(such)
        op.create_index(name, 'activity', columns, sqlite_where=where, postgresql_where=where)


def _change_indexes_back() -> None:
    for name in ('ix_activity_responsible_id_at', *OF_ACTIVITY):
        op.drop_index(name, table_name='activity')
    op.create_index('ix_activity_post_id', 'activity', ['post_id'])
    op.create_index('ix_activity_task_id', 'activity', ['task_id'])
    op.create_index('ix_activity_responsible_id_completed_at', 'activity', ['responsible_id', 'completed_at'])
    op.drop_index('ix_task_open', table_name='task')
    op.drop_index('ix_follow_record_type_record_id', table_name='follow')
    op.drop_index('ix_deal_board', table_name='deal')
    op.drop_index('ix_deal_stage_id_id', table_name='deal')
    op.create_index('ix_deal_stage_id', 'deal', ['stage_id'])
    for name in ('ix_lead_board', 'ix_lead_stage_id_id', 'ix_lead_state_id'):
        op.drop_index(name, table_name='lead')
    op.create_index('ix_lead_stage_id', 'lead', ['stage_id'])
    op.create_index('ix_lead_state', 'lead', ['state'])


def _fill_on_sqlite() -> None:
    connection = op.get_bind()
    for table in NAMES:
        for term, source in OF_RECORD.items():
            some = f"SELECT '{table}', {term}, record.id FROM {table} AS record, {source.format('record')}"
            connection.exec_driver_sql(f'INSERT OR IGNORE INTO record_term (record_type, term, record_id) {some}')
    into = 'INSERT OR IGNORE INTO record_term (record_type, term, record_id)'
    address, phone = "'@' || substr(c.key, 1, 100)", "'+' || " + BACKWARDS.replace('{}', 'c')
    connection.exec_driver_sql(f'{into} SELECT record_type, {address}, record_id FROM channel AS c')
    connection.exec_driver_sql(f"{into} SELECT record_type, {phone}, record_id FROM channel AS c WHERE kind = 'phone'")


def _triggers_on_sqlite() -> Iterator[str]:
    for table in NAMES:
        changed = ' OR '.join(f'NEW.{column} IS NOT OLD.{column}' for column in ('name_key', 'tags', 'source'))
        take, give = _take_record(table), _give_record(table)
        yield _trigger(table, 'insert', 'INSERT', '', give)
        yield _trigger(table, 'update', 'UPDATE OF name_key, tags, source', f'WHEN {changed}', take + give)
        yield _trigger(table, 'delete', 'DELETE', '', take)
    take, give = _take_channel(), _give_channel('NEW.record_type', 'NEW.record_id', OF_CHANNEL.replace('{}', 'NEW'))
    yield _trigger('channel', 'insert', 'INSERT', '', give)
    yield _trigger('channel', 'update', 'UPDATE OF kind, key, record_type, record_id', '', take + give)
    yield _trigger('channel', 'delete', 'DELETE', '', take)


def _trigger(table: str, name: str, event: str, condition: str, body: str) -> str:
    return f'CREATE TRIGGER record_term_{table}_{name} AFTER {event} ON {table} {condition} BEGIN {body} END'


def _give_record(table: str) -> str:
    terms = ' UNION '.join(f"SELECT '{table}', {term}, NEW.id FROM {source.format('NEW')}" for term, source in OF_RECORD.items())
    return f'INSERT OR IGNORE INTO record_term (record_type, term, record_id) {terms};'


def _take_record(table: str) -> str:
    terms = ' UNION '.join(f"SELECT {term} FROM {source.format('OLD')}" for term, source in OF_RECORD.items())
    return f"DELETE FROM record_term WHERE record_type = '{table}' AND record_id = OLD.id AND term IN ({terms});"


def _give_channel(record_type: str, record_id: str, terms: str) -> str:
    into = 'INSERT OR IGNORE INTO record_term (record_type, term, record_id)'
    return f'{into} SELECT {record_type}, term, {record_id} FROM ({terms});'


def _take_channel() -> str:
    """What another channel of the record says too stays."""
    these = 'record_type = OLD.record_type AND record_id = OLD.record_id'
    gone = f"DELETE FROM record_term WHERE {these} AND term IN ({OF_CHANNEL.replace('{}', 'OLD')});"
    into = 'INSERT OR IGNORE INTO record_term (record_type, term, record_id)'
    phone = "'+' || " + BACKWARDS.replace('{}', 'channel')
    return f"{gone} {into} SELECT record_type, {phone}, record_id FROM channel WHERE {these} AND kind = 'phone';"


def _fill_on_postgresql() -> None:
    connection = op.get_bind()
    into = 'INSERT INTO record_term (record_type, term, record_id)'
    for table in NAMES:
        terms = f'{table}, record_terms({table}.name_key, {table}.tags, {table}.source) AS term'
        connection.exec_driver_sql(f"{into} SELECT '{table}', term, {table}.id FROM {terms}")
    terms = OF_CHANNEL_POSTGRESQL.replace('{}', 'channel')
    connection.exec_driver_sql(
        f'{into} SELECT channel.record_type, made.term, channel.record_id FROM channel '
        f'CROSS JOIN LATERAL ({terms}) AS made ON CONFLICT DO NOTHING'
    )


def _keep_on_postgresql(table: str, update: str, function: str) -> None:
    op.execute(
        f'CREATE TRIGGER record_term_{table} AFTER INSERT OR DELETE OR {update} ON {table} '
        f'FOR EACH ROW EXECUTE FUNCTION {function}()'
    )
