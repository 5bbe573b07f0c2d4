"""Read receipts of single mails: switches, where links lead, what happened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.add_column('mailbox', sa.Column('receipts', sa.Boolean(), nullable=True))
    op.add_column('outgoing', sa.Column('receipts', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('outgoing', sa.Column('links', JSON, server_default='[]', nullable=False))
    op.create_table(
        'mail_event',
        sa.Column('id', BIG, nullable=False),
        sa.Column('outgoing_id', BIG, nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('verdict', sa.Text(), nullable=False),
        sa.Column('link_number', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['outgoing_id'], ['outgoing.id'], name=op.f('fk_mail_event_outgoing_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_event')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_mail_event_outgoing_id_kind'), 'mail_event', ['outgoing_id', 'kind'])


def downgrade() -> None:
    op.drop_table('mail_event')
    op.drop_column('outgoing', 'links')
    op.drop_column('outgoing', 'receipts')
    op.drop_column('mailbox', 'receipts')
