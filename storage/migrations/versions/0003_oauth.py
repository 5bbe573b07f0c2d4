"""Mailboxes by OAuth 2: who lets us in, the tokens of each, and sign-ins that are under way."""

import sqlalchemy as sa
from alembic import op

from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('oauth_flow',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state_hash', sa.Text(), nullable=False),
    sa.Column('session_hash', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('provider', sa.String(32), nullable=False),
    sa.Column('redirect_uri', sa.Text(), nullable=False),
    sa.Column('verifier_encrypted', sa.Text(), nullable=False),
    sa.Column('wishes', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_oauth_flow_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oauth_flow')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_oauth_flow_state_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('oauth_flow', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oauth_flow_expires_at'), ['expires_at'], unique=False)

    op.create_table('oauth_grant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mailbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refresh_token_encrypted', sa.Text(), nullable=False),
    sa.Column('access_token_encrypted', sa.Text(), nullable=False),
    sa.Column('access_expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('renew_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['mailbox_id'], ['mailbox.id'], name=op.f('fk_oauth_grant_mailbox_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oauth_grant')),
    sa.UniqueConstraint('mailbox_id', name=op.f('uq_oauth_grant_mailbox_id')),
    sqlite_autoincrement=True
    )
    op.add_column('mailbox', sa.Column('oauth_provider', sa.String(32), nullable=True))



def downgrade() -> None:
    op.drop_column('mailbox', 'oauth_provider')

    op.drop_table('oauth_grant')
    with op.batch_alter_table('oauth_flow', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_oauth_flow_expires_at'))

    op.drop_table('oauth_flow')
