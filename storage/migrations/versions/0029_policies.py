"""What strangers' mail makes, mailbox by mailbox: rules for senders, queues that go by turns, absences."""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
NEW_COLUMNS = ('only_written_to', 'makes_from_roles', 'record_source', 'queue_method', 'queue_at_work')


def upgrade() -> None:
    for column in (
        sa.Column('only_written_to', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('makes_from_roles', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column('record_source', sa.Text(), server_default='', nullable=False),
        sa.Column('queue_method', sa.String(32), server_default='round_robin', nullable=False),
        sa.Column('queue_at_work', sa.Boolean(), server_default=sa.true(), nullable=False),
    ):
        op.add_column('mailbox', column)
    op.create_table(
        'sender_rule',
        sa.Column('id', BIG, nullable=False),
        sa.Column('mailbox_id', BIG, nullable=True),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('treatment', sa.String(32), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('created_by_id', BIG, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_sender_rule_created_by_id')),
        sa.ForeignKeyConstraint(
            ['mailbox_id'], ['mailbox.id'], name=op.f('fk_sender_rule_mailbox_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_rule')),
        sa.UniqueConstraint('mailbox_id', 'kind', 'key', name=op.f('uq_sender_rule_mailbox_id_kind_key')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'queue_turn',
        sa.Column('id', BIG, nullable=False),
        sa.Column('mailbox_id', BIG, nullable=False),
        sa.Column('last_user_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ['mailbox_id'], ['mailbox.id'], name=op.f('fk_queue_turn_mailbox_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_turn')),
        sa.UniqueConstraint('mailbox_id', name=op.f('uq_queue_turn_mailbox_id')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'absence',
        sa.Column('id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_absence_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_absence_user_id'), 'absence', ['user_id'])
    # Whoever is least busy is asked while mail is taken in.
    op.create_index(op.f('ix_deal_responsible_id_stage_kind'), 'deal', ['responsible_id', 'stage_kind'])
    op.create_index(op.f('ix_lead_responsible_id_state'), 'lead', ['responsible_id', 'state'])
    # Which records a mail has made is written down from now on; of mail that was here before it is told by where it stands.
    op.execute("""
        INSERT INTO effect (message_id, kind, target)
        SELECT DISTINCT effect.message_id, 'made', binding.record_type || ':' || CAST(binding.record_id AS TEXT)
        FROM effect
        JOIN activity ON activity.message_id = effect.message_id
        JOIN activity_binding AS binding ON binding.activity_id = activity.id
        LEFT JOIN deal ON binding.record_type = 'deal' AND deal.id = binding.record_id
        LEFT JOIN lead ON binding.record_type = 'lead' AND lead.id = binding.record_id
        LEFT JOIN contact ON binding.record_type = 'contact' AND contact.id = binding.record_id
        LEFT JOIN company ON binding.record_type = 'company' AND company.id = binding.record_id
        WHERE effect.kind = 'created'
        AND coalesce(deal.source, lead.source, contact.source, company.source) = 'email'
        AND coalesce(deal.created_at, lead.created_at, contact.created_at, company.created_at) = activity.created_at
    """)


def downgrade() -> None:
    op.execute("DELETE FROM effect WHERE kind = 'made'")
    op.drop_index(op.f('ix_lead_responsible_id_state'), 'lead')
    op.drop_index(op.f('ix_deal_responsible_id_stage_kind'), 'deal')
    op.drop_table('absence')
    op.drop_table('queue_turn')
    op.drop_table('sender_rule')
    for column in reversed(NEW_COLUMNS):
        op.drop_column('mailbox', column)
