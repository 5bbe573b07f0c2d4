"""Texts that people write once and send often."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'mail_template',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('owner_id', BIG, nullable=True),
        sa.Column('maker_id', BIG, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('changed_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_mail_template_owner_id')),
        sa.ForeignKeyConstraint(['maker_id'], ['user.id'], name=op.f('fk_mail_template_maker_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_template')),
        sqlite_autoincrement=True,
    )
    op.create_index('ix_mail_template_owner_id', 'mail_template', ['owner_id'])


def downgrade() -> None:
    op.drop_table('mail_template')
