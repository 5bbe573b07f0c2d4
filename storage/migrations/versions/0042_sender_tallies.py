"""What mail of one address or domain has made lately, so that no flood makes endless records."""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'sender_tally',
        sa.Column('id', BIG, nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made', sa.Integer(), nullable=False),
        sa.Column('waiting', sa.Integer(), nullable=False),
        sa.Column('limited', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_tally')),
        sa.UniqueConstraint('key', 'began_at', name=op.f('uq_sender_tally_key_began_at')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_sender_tally_began_at'), 'sender_tally', ['began_at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_sender_tally_began_at'), 'sender_tally')
    op.drop_table('sender_tally')
