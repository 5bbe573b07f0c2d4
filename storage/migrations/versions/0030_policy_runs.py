"""Policies of mailboxes applied to mail that came before them."""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'policy_run',
        sa.Column('id', BIG, nullable=False),
        sa.Column('mailbox_id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=True),
        sa.Column('since', MOMENT, nullable=False),
        sa.Column('until', MOMENT, nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('place_id', BIG, nullable=False),
        sa.Column('began_at', MOMENT, nullable=False),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.Column('undoing_since', MOMENT, nullable=True),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ['mailbox_id'], ['mailbox.id'], name=op.f('fk_policy_run_mailbox_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_policy_run_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_run')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_policy_run_mailbox_id'), 'policy_run', ['mailbox_id'])
    op.create_table(
        'policy_run_record',
        sa.Column('id', BIG, nullable=False),
        sa.Column('run_id', BIG, nullable=False),
        sa.Column('message_id', BIG, nullable=False),
        sa.Column('record_type', sa.String(32), nullable=False),
        sa.Column('record_id', BIG, nullable=False),
        sa.Column('removed', sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ['run_id'], ['policy_run.id'], name=op.f('fk_policy_run_record_run_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_run_record')),
        sa.UniqueConstraint(
            'run_id', 'record_type', 'record_id', name=op.f('uq_policy_run_record_run_id_record_type_record_id')
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table('policy_run_record')
    op.drop_table('policy_run')
