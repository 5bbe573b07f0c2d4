"""What people did to mail here and the server is to be told; the MODSEQ of what it last told us."""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_action',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mailbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('flag', sa.String(32), nullable=True),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('believed', sa.Text(), nullable=False),
    sa.Column('known_modseq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('folder_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('uid', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('uidvalidity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('target_uidnext', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('after_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('blob_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('left_behind', sa.Boolean(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['blob_id'], ['blob.id'], name=op.f('fk_mail_action_blob_id')),
    sa.ForeignKeyConstraint(['mailbox_id'], ['mailbox.id'], name=op.f('fk_mail_action_mailbox_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_mail_action_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_mail_action_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_action')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('mail_action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_action_act'), ['act'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_action_folder_id_uid'), ['folder_id', 'uid'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_action_state_due_at'), ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_action_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_action_place_id'), ['place_id'], unique=False)

    op.add_column('place', sa.Column('modseq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column('user', sa.Column('marks_read', sa.Boolean(), server_default=sa.true(), nullable=False))



def downgrade() -> None:
    op.drop_column('user', 'marks_read')
    op.drop_column('place', 'modseq')
    with op.batch_alter_table('mail_action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_action_place_id'))
        batch_op.drop_index(batch_op.f('ix_mail_action_message_id'))
        batch_op.drop_index(batch_op.f('ix_mail_action_state_due_at'))
        batch_op.drop_index(batch_op.f('ix_mail_action_folder_id_uid'))
        batch_op.drop_index(batch_op.f('ix_mail_action_act'))

    op.drop_table('mail_action')
