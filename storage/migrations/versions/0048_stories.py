"""Where an activity stands says when it was and whether it is planned: a story of thousands is read as far as it is shown."""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None

PLANNED = (
    "({row}.completed_at IS NULL AND {row}.deleted_at IS NULL "
    "AND ({row}.deadline IS NOT NULL OR {row}.kind IN ('task', 'call', 'meeting')))"
)
OF_ACTIVITY = 'kind, at, deadline, completed_at, deleted_at'
STORY = 'ix_activity_binding_story'
BEFORE = 'ix_activity_binding_record_type_record_id'
FUNCTIONS_POSTGRESQL = f"""
    CREATE FUNCTION tell_binding_of_activity() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Held until the end: whoever completes it meanwhile would not see this row yet.
        SELECT activity.at, {PLANNED.format(row='activity')} INTO NEW.at, NEW.planned
            FROM activity WHERE activity.id = NEW.activity_id FOR SHARE;
        RETURN NEW;
    END $$;
    CREATE FUNCTION tell_bindings_of_activity() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE activity_binding SET at = NEW.at, planned = {PLANNED.format(row='NEW')} WHERE activity_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER activity_binding_told BEFORE INSERT ON activity_binding
        FOR EACH ROW WHEN (NEW.at IS NULL) EXECUTE FUNCTION tell_binding_of_activity();
    CREATE TRIGGER activity_tells_bindings AFTER UPDATE OF {OF_ACTIVITY} ON activity
        FOR EACH ROW WHEN (NEW.at IS DISTINCT FROM OLD.at OR {PLANNED.format(row='NEW')} <> {PLANNED.format(row='OLD')})
        EXECUTE FUNCTION tell_bindings_of_activity()
"""
TRIGGERS_SQLITE = (
    f"""CREATE TRIGGER activity_binding_told AFTER INSERT ON activity_binding WHEN NEW.at IS NULL BEGIN
        UPDATE activity_binding SET (at, planned) =
            (SELECT at, {PLANNED.format(row='activity')} FROM activity WHERE id = NEW.activity_id) WHERE id = NEW.id;
    END""",
    f"""CREATE TRIGGER activity_tells_bindings AFTER UPDATE OF {OF_ACTIVITY} ON activity
        WHEN NEW.at IS NOT OLD.at OR {PLANNED.format(row='NEW')} <> {PLANNED.format(row='OLD')} BEGIN
        UPDATE activity_binding SET at = NEW.at, planned = {PLANNED.format(row='NEW')} WHERE activity_id = NEW.id;
    END""",
)


def upgrade() -> None:
    op.add_column('activity_binding', sa.Column('at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('activity_binding', sa.Column('planned', sa.Boolean(), nullable=True))
    of_it = f"SELECT activity.at, {PLANNED.format(row='activity')} FROM activity WHERE activity.id = activity_binding.activity_id"
    op.execute(f'UPDATE activity_binding SET (at, planned) = ({of_it})')
    op.create_index(STORY, 'activity_binding', ['record_type', 'record_id', 'planned', 'at', 'activity_id'])
    op.drop_index(BEFORE, 'activity_binding')
    connection = op.get_bind()
    if connection.dialect.name == 'sqlite':
        for trigger in TRIGGERS_SQLITE:
            connection.exec_driver_sql(trigger)
    else:
        connection.exec_driver_sql(FUNCTIONS_POSTGRESQL)


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name != 'sqlite'
    op.execute('DROP TRIGGER activity_binding_told' + (' ON activity_binding' if on_postgresql else ''))
    op.execute('DROP TRIGGER activity_tells_bindings' + (' ON activity' if on_postgresql else ''))
    if on_postgresql:
        op.execute('DROP FUNCTION tell_binding_of_activity(), tell_bindings_of_activity()')
    op.create_index(BEFORE, 'activity_binding', ['record_type', 'record_id'])
    op.drop_index(STORY, 'activity_binding')
    op.drop_column('activity_binding', 'planned')
    op.drop_column('activity_binding', 'at')
