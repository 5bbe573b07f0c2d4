"""Senders of campaigns that go out through a connected mailbox, as its single mails do."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('sender_identity', sa.Column('mailbox_id', BIG, nullable=True))


def downgrade() -> None:
    op.drop_column('sender_identity', 'mailbox_id')
