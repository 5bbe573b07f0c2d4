"""What is done to many leads is a row; the last change of mode, which stood in a setting, becomes one and goes on."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'lead_run',
        sa.Column('id', BIG, nullable=False),
        sa.Column('act', sa.String(32), nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('choices', JSON, nullable=False),
        sa.Column('chosen', JSON, nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('after', BIG, nullable=False),
        sa.Column('refused', JSON, nullable=False),
        sa.Column('before', JSON, nullable=False),
        sa.Column('undoes', BIG, nullable=True),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_lead_run_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_run')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_lead_run_act'), 'lead_run', ['act'])
    connection = op.get_bind()
    stored = connection.execute(sa.text("SELECT value FROM setting WHERE name = 'crm.mode.switch'")).scalar()
    if stored is not None:
        _insert(stored if isinstance(stored, dict) else json.loads(stored))
        op.execute("DELETE FROM setting WHERE name = 'crm.mode.switch'")


def _insert(switch: dict[str, Any]) -> None:
    def moment(word: str | None) -> str | None:
        """As the column keeps it: sortable text on SQLite, a moment with its zone on PostgreSQL."""
        if word is None or op.get_bind().dialect.name == 'postgresql':
            return word
        return word.replace('T', ' ').removesuffix('+00:00')

    values = {
        'id': switch['number'],
        'act': 'change_mode',
        'choices': json.dumps({**switch['choices'], 'deal': True}),
        'total': switch['total'],
        'done': switch['converted'],
        'after': switch['after'],
        'refused': json.dumps([{'id': lead_id, 'why': ''} for lead_id in switch['left']]),
        'began_at': moment(switch['began_at']),
        'ended_at': moment(switch['ended_at']),
    }
    op.get_bind().execute(
        sa.text("""
            INSERT INTO lead_run (id, act, choices, chosen, total, done, "after", refused, "before", began_at, ended_at)
            VALUES (:id, :act, CAST(:choices AS {json}), '[]', :total, :done, :after, CAST(:refused AS {json}), '[]',
            CAST(:began_at AS {moment}), CAST(:ended_at AS {moment}))
        """.format(**(
            {'json': 'JSONB', 'moment': 'TIMESTAMPTZ'} if op.get_bind().dialect.name == 'postgresql'
            else {'json': 'TEXT', 'moment': 'TEXT'}
        ))),
        values,
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT setval(pg_get_serial_sequence('lead_run', 'id'), (SELECT max(id) FROM lead_run))")


def downgrade() -> None:
    op.drop_index(op.f('ix_lead_run_act'), 'lead_run')
    op.drop_table('lead_run')
