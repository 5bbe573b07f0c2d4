"""Custom fields and their values, the history of records, saved views, edits of many records; tags and notes on all records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_fields()
    _create_change()
    _create_views()
    for table in ('company', 'lead', 'deal'):
        op.add_column(table, sa.Column('tags', JSON, server_default='[]', nullable=False))
    for table in ('contact', 'company', 'lead', 'deal'):
        op.add_column(table, sa.Column('notes', sa.Text(), server_default='', nullable=False))
    op.add_column('deal', sa.Column('closes_on', sa.Date(), nullable=True))


def _create_fields() -> None:
    op.create_table(
        'custom_field',
        sa.Column('id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('choices', JSON, nullable=False),
        sa.Column('currency', sa.Text(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('removed_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_field')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_custom_field_record_type_position'), 'custom_field', ['record_type', 'position'])
    op.create_table(
        'field_value',
        sa.Column('id', BIG, nullable=False),
        sa.Column('field_id', BIG, nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('number', sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ['field_id'], ['custom_field.id'], name=op.f('fk_field_value_field_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_field_value')),
        sa.UniqueConstraint('field_id', 'record_id', name=op.f('uq_field_value_field_id_record_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_field_value_field_id_number'), 'field_value', ['field_id', 'number'])
    op.create_index(op.f('ix_field_value_field_id_text'), 'field_value', ['field_id', 'text'])
    op.create_index(op.f('ix_field_value_record_id'), 'field_value', ['record_id'])


def _create_change() -> None:
    op.create_table(
        'record_change',
        sa.Column('id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('changes', JSON, nullable=False),
        sa.Column('bulk_edit_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_record_change_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_record_change')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_record_change_bulk_edit_id'), 'record_change', ['bulk_edit_id'])
    op.create_index(
        op.f('ix_record_change_record_type_record_id_id'), 'record_change', ['record_type', 'record_id', 'id']
    )


def _create_views() -> None:
    op.create_table(
        'saved_view',
        sa.Column('id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
        sa.Column('shared', sa.Boolean(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_view_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('user_id', 'record_type', 'name', name=op.f('uq_saved_view_user_id_record_type_name')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'bulk_edit',
        sa.Column('id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('record_ids', JSON, nullable=False),
        sa.Column('wanted', JSON, nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('changed', sa.Integer(), nullable=False),
        sa.Column('refused', JSON, nullable=False),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.Column('undo_asked_at', MOMENT, nullable=True),
        sa.Column('undone', sa.Integer(), nullable=False),
        sa.Column('kept', sa.Integer(), nullable=False),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_bulk_edit_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_edit')),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_column('deal', 'closes_on')
    for table in ('contact', 'company', 'lead', 'deal'):
        op.drop_column(table, 'notes')
    for table in ('company', 'lead', 'deal'):
        op.drop_column(table, 'tags')
    for table in ('bulk_edit', 'saved_view', 'record_change', 'field_value', 'custom_field'):
        op.drop_table(table)
