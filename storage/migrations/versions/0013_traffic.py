"""How many bytes went between us and a mailbox's server, hour by hour, where its provider bounds them by the day."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'mailbox_traffic',
        sa.Column('id', BIG, nullable=False),
        sa.Column('mailbox_id', BIG, nullable=False),
        sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
        sa.Column('downloaded', BIG, nullable=False),
        sa.Column('uploaded', BIG, nullable=False),
        sa.Column('refused', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['mailbox_id'], ['mailbox.id'], name=op.f('fk_mailbox_traffic_mailbox_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox_traffic')),
        sa.UniqueConstraint('mailbox_id', 'hour', name=op.f('uq_mailbox_traffic_mailbox_id_hour')),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table('mailbox_traffic')
