"""Mail on a record stays readable when every mailbox has deleted it: what a message needs of its last place.

A table of its own, so that nothing is rewritten or indexed anew, however many messages there are.
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

HAS_VARIANT = sa.text('variant_id IS NOT NULL')


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'last_copy',
        sa.Column('message_id', number, nullable=False, autoincrement=False),
        sa.Column('mailbox_id', number, nullable=False),
        sa.Column('variant_id', number, nullable=True),
        sa.Column('head_blob_id', number, nullable=False),
        sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_last_copy_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mailbox_id'], ['mailbox.id'], name=op.f('fk_last_copy_mailbox_id')),
        sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_last_copy_variant_id')),
        sa.ForeignKeyConstraint(['head_blob_id'], ['blob.id'], name=op.f('fk_last_copy_head_blob_id')),
        sa.PrimaryKeyConstraint('message_id', name=op.f('pk_last_copy')),
    )
    op.create_index(op.f('ix_last_copy_mailbox_id'), 'last_copy', ['mailbox_id'])
    op.create_index(op.f('ix_last_copy_head_blob_id'), 'last_copy', ['head_blob_id'])
    op.create_index(
        op.f('ix_last_copy_variant_id'),
        'last_copy',
        ['variant_id'],
        sqlite_where=HAS_VARIANT,
        postgresql_where=HAS_VARIANT,
    )


def downgrade() -> None:
    op.drop_table('last_copy')
