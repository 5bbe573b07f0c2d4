"""Leads go through stages that an administrator edits; what stood in a lead's text becomes one of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BEGINNING = ('New', 'In contact', 'Qualified')
ENDS = {'converted': 'Converted', 'junk': 'Junk'}


def upgrade() -> None:
    op.add_column('stage', sa.Column('probability', sa.Integer(), nullable=True))
    stages = op.create_table(
        'lead_stage',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('on_arrival', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_stage')),
        sqlite_autoincrement=True,
    )
    found = op.get_bind().execute(sa.text("SELECT DISTINCT stage FROM lead WHERE state = 'active' ORDER BY stage"))
    active = list(dict.fromkeys([*BEGINNING, *(name for (name,) in found if name)]))
    rows = [(name, 'active') for name in active] + [(name, kind) for kind, name in ENDS.items()]
    op.bulk_insert(stages, [{'name': name, 'kind': kind, 'position': at} for at, (name, kind) in enumerate(rows)])
    # SQLite adds no column that must not be null without a value for the rows there are.
    op.add_column('lead', sa.Column('stage_id', BIG, nullable=False, server_default='0'))
    op.execute("""
        UPDATE lead SET stage_id = (
            SELECT min(lead_stage.id) FROM lead_stage WHERE lead_stage.kind = lead.state
            AND (lead.state <> 'active' OR lead_stage.name = CASE lead.stage WHEN '' THEN 'New' ELSE lead.stage END))
    """)
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('lead', 'stage_id', server_default=None)
    op.create_index(op.f('ix_lead_stage_id'), 'lead', ['stage_id'])
    op.drop_column('lead', 'stage')


def downgrade() -> None:
    op.add_column('lead', sa.Column('stage', sa.Text(), nullable=False, server_default='New'))
    op.execute("""
        UPDATE lead SET stage = (SELECT name FROM lead_stage WHERE lead_stage.id = lead.stage_id)
        WHERE state = 'active'
    """)
    op.drop_index(op.f('ix_lead_stage_id'), 'lead')
    op.drop_column('lead', 'stage_id')
    op.drop_table('lead_stage')
    op.drop_column('stage', 'probability')
