"""PostgreSQL is given the words of a mail instead of making them itself: a first sync took most of its time for that.

What is stored stays as it is, and no row is written. Its words are those that PostgreSQL parted: where the database has a
locale other than C, they are the same but for 131 characters that are seldom written within words (digits in circles,
Ethiopic numbers), at which it parted words and Mailsync does not; with locale C, signs beyond ASCII stand in words.

A process of the version before may still run, and gives no vector: a trigger makes its words as they were made before, for a
mail without them would never be found.
"""

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

LISTED = ('subject', 'sender', 'recipients', 'copies', 'files', 'body')
PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"
VECTOR = "to_tsvector('simple', translate({}, '{}', '{}'))"
SPACES = ' ' * (len(PUNCTUATION) - 1)
BETWEEN = " || ' zzfieldzz ' || "
OF_COLUMNS = VECTOR.format(BETWEEN.join(LISTED), PUNCTUATION, SPACES)
OF_NEW_ROW = VECTOR.format(BETWEEN.join(f'NEW.{column}' for column in LISTED), PUNCTUATION, SPACES)
MAKE_VECTOR = f"""
    CREATE FUNCTION message_text_vector() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.vector := {OF_NEW_ROW};
        RETURN NEW;
    END $$
"""
WHERE_NONE_IS_GIVEN = """
    CREATE TRIGGER message_text_vector BEFORE INSERT ON message_text
    FOR EACH ROW WHEN (NEW.vector IS NULL) EXECUTE FUNCTION message_text_vector()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE message_text ALTER COLUMN vector DROP EXPRESSION')
        op.execute(MAKE_VECTOR)
        op.execute(WHERE_NONE_IS_GIVEN)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER IF EXISTS message_text_vector ON message_text')
        op.execute('DROP FUNCTION IF EXISTS message_text_vector()')
        op.drop_column('message_text', 'vector')
        op.execute(f'ALTER TABLE message_text ADD COLUMN vector tsvector GENERATED ALWAYS AS ({OF_COLUMNS}) STORED')
        op.execute('CREATE INDEX ix_message_text_search ON message_text USING gin (vector)')
