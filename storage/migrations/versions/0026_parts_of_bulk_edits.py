"""The records of an edit of many stand in parts, each change says whose it was, and an undo remembers the last one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
EDIT = sa.table('bulk_edit', sa.column('id'), sa.column('record_ids', JSON), sa.column('total'))
PART = sa.table('bulk_edit_part', sa.column('bulk_edit_id'), sa.column('first'), sa.column('record_ids', JSON))
IN_ONE_PART = 500


def upgrade() -> None:
    op.create_table(
        'bulk_edit_part',
        sa.Column('id', BIG, nullable=False),
        sa.Column('bulk_edit_id', BIG, nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('record_ids', JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ['bulk_edit_id'], ['bulk_edit.id'], name=op.f('fk_bulk_edit_part_bulk_edit_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_edit_part')),
        sa.UniqueConstraint('bulk_edit_id', 'first', name=op.f('uq_bulk_edit_part_bulk_edit_id_first')),
        sqlite_autoincrement=True,
    )
    op.add_column('record_change', sa.Column('edited_id', BIG, nullable=True))
    op.add_column('bulk_edit', sa.Column('undone_to', BIG, server_default='0', nullable=False))
    op.add_column('bulk_edit', sa.Column('total', sa.Integer(), server_default='0', nullable=False))
    connection = op.get_bind()
    for edit_id, record_ids in connection.execute(sa.select(EDIT.c.id, EDIT.c.record_ids)).all():
        connection.execute(sa.update(EDIT).where(EDIT.c.id == edit_id).values(total=len(record_ids)))
        for first in range(0, len(record_ids), IN_ONE_PART):
            some = record_ids[first : first + IN_ONE_PART]
            connection.execute(sa.insert(PART).values(bulk_edit_id=edit_id, first=first, record_ids=some))
    op.execute(
        """
        UPDATE bulk_edit SET undone_to = coalesce((SELECT max(looked_at.id) FROM (
            SELECT id, row_number() OVER (ORDER BY id) AS place FROM record_change WHERE bulk_edit_id = bulk_edit.id
        ) AS looked_at WHERE looked_at.place <= bulk_edit.undone), 0) WHERE undone > 0
        """
    )
    op.drop_column('bulk_edit', 'record_ids')


def downgrade() -> None:
    op.add_column('bulk_edit', sa.Column('record_ids', JSON, server_default='[]', nullable=False))
    connection = op.get_bind()
    for (edit_id,) in connection.execute(sa.select(EDIT.c.id)).all():
        parts = sa.select(PART.c.record_ids).where(PART.c.bulk_edit_id == edit_id).order_by(PART.c.first)
        record_ids = [one for some in connection.execute(parts).scalars() for one in some]
        connection.execute(sa.update(EDIT).where(EDIT.c.id == edit_id).values(record_ids=record_ids))
    op.drop_column('bulk_edit', 'total')
    op.drop_column('bulk_edit', 'undone_to')
    op.drop_column('record_change', 'edited_id')
    op.drop_table('bulk_edit_part')
