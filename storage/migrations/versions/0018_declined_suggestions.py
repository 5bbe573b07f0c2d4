"""What mail told about a contact, and nobody wants to be asked about again."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'declined_suggestion',
        sa.Column('id', BIG, nullable=False),
        sa.Column('contact_id', BIG, nullable=False),
        sa.Column('field', sa.Text(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['contact_id'], ['contact.id'], name=op.f('fk_declined_suggestion_contact_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_declined_suggestion')),
        sa.UniqueConstraint('contact_id', 'field', 'key', name=op.f('uq_declined_suggestion_contact_id_field_key')),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table('declined_suggestion')
