"""PostgreSQL is given the words of a mail instead of making them itself: a first sync took most of its time for that.

What is stored stays as it is, and no row is written: the words are the same.
"""

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

LISTED = ('subject', 'sender', 'recipients', 'copies', 'files', 'body')
PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"
VECTOR = "to_tsvector('simple', translate({}, '{}', '{}'))".format(
    " || ' zzfieldzz ' || ".join(LISTED), PUNCTUATION, ' ' * (len(PUNCTUATION) - 1)
)


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE message_text ALTER COLUMN vector DROP EXPRESSION')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_column('message_text', 'vector')
        op.execute(f'ALTER TABLE message_text ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED')
        op.execute('CREATE INDEX ix_message_text_search ON message_text USING gin (vector)')
