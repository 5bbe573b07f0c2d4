"""Mailboxes over time: states, audit, removal; progress of loading; what lets a blob be deleted without reading all mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
HAS_VARIANT = sa.text('variant_id IS NOT NULL')
BLOBS = (('place', 'head_blob_id'), ('message', 'body_blob_id'), ('variant', 'body_blob_id'),
         ('quarantine', 'raw_blob_id'), ('outgoing', 'raw_blob_id'), ('outgoing', 'mailbox_id'))


def _of_mailbox(name: str, *columns: SchemaItem, unique: bool) -> None:
    op.create_table(
        name,
        sa.Column('id', BIG, nullable=False),
        sa.Column('mailbox_id', BIG, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ['mailbox_id'], ['mailbox.id'], name=op.f(f'fk_{name}_mailbox_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
        *([sa.UniqueConstraint('mailbox_id', name=op.f(f'uq_{name}_mailbox_id'))] if unique else []),
        sqlite_autoincrement=True,
    )


def upgrade() -> None:
    _of_mailbox(
        'mailbox_event',
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('before', sa.String(32), nullable=True),
        sa.Column('after', sa.String(32), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        unique=False,
    )
    op.create_index('ix_mailbox_event_mailbox_id_at', 'mailbox_event', ['mailbox_id', 'at'])
    op.create_index('ix_mailbox_event_at', 'mailbox_event', ['at'])
    _of_mailbox(
        'mailbox_audit',
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('repair', sa.Boolean(), nullable=False),
        sa.Column('finished_at', MOMENT, nullable=True),
        sa.Column('folders', JSON, nullable=False),
        sa.Column('failure', sa.Text(), nullable=False),
        unique=True,
    )
    _of_mailbox(
        'mailbox_removal',
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('keep_mail', sa.Boolean(), nullable=False),
        sa.Column('was_paused', sa.Boolean(), nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('begins_at', MOMENT, nullable=False),
        sa.Column('began_at', MOMENT, nullable=True),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('gone', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_mailbox_removal_user_id')),
        unique=True,
    )
    op.add_column('mailbox', sa.Column('poll_minutes', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('mailbox', sa.Column('loaded_per_minute', sa.Integer(), nullable=True))
    op.add_column('folder', sa.Column('expected', sa.Integer(), nullable=True))
    op.add_column('folder', sa.Column('loaded_since', MOMENT, nullable=True))
    op.execute('UPDATE folder SET loaded_since = (SELECT depth_since FROM mailbox WHERE mailbox.id = folder.mailbox_id)')
    op.add_column('quarantine', sa.Column('version', sa.Text(), nullable=False, server_default=''))
    for table, column in BLOBS:
        op.create_index(f'ix_{table}_{column}', table, [column])
    op.create_index(
        'ix_place_variant_id', 'place', ['variant_id'], sqlite_where=HAS_VARIANT, postgresql_where=HAS_VARIANT
    )


def downgrade() -> None:
    op.drop_index('ix_place_variant_id', table_name='place')
    for table, column in reversed(BLOBS):
        op.drop_index(f'ix_{table}_{column}', table_name=table)
    op.drop_column('quarantine', 'version')
    op.drop_column('folder', 'loaded_since')
    op.drop_column('folder', 'expected')
    op.drop_column('mailbox', 'loaded_per_minute')
    op.drop_column('mailbox', 'poll_minutes')
    for table in ('mailbox_removal', 'mailbox_audit', 'mailbox_event'):
        op.drop_table(table)
