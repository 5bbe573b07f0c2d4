"""An excerpt shows the words that were asked for as they were written, and never anything that is not in the text."""

from hypothesis import given
from hypothesis import strategies as st

from crm.conversations.excerpts import Piece, excerpt, holds_all
from storage.search import phrase_of

WORDS = st.lists(
    st.sampled_from(["Żółć", "price", "list", "Prices", "東京", "\n", "anna@levante.example"]), max_size=80
)


def hits(text: str, *asked: str, beginning: bool = False) -> list[str]:
    phrases = [phrase for each in asked if (phrase := phrase_of(each, beginning=beginning))]
    return [piece.text for piece in excerpt(text, phrases) if piece.hit]


def test_words_are_marked_however_they_are_written() -> None:
    assert hits("The ŻÓŁĆ costs 5", "zolc") == ["ŻÓŁĆ"]
    assert hits("Our price list, our prices", "price list") == ["price list"]
    assert hits("Our price list, our prices", "pri", beginning=True) == ["price", "prices"]
    assert hits("Write to anna@levante.example!", "levante.example") == ["levante.example"]
    assert hits("東京タワー", "京タ") == ["京タ"]
    assert hits("nothing here", "offer") == []


def test_a_late_word_is_shown_with_what_stands_around_it() -> None:
    text = "word " * 400 + "zirkonia is dear " + "word " * 400
    pieces = excerpt(text, [phrase for phrase in [phrase_of("zirkonia")] if phrase])
    assert pieces[0] == Piece("…", hit=False)
    assert pieces[-1] == Piece("…", hit=False)
    assert Piece("zirkonia", hit=True) in pieces
    assert sum(len(piece.text) for piece in pieces) < 220


@given(WORDS, st.lists(st.sampled_from(["price", "price list", "京", "zo", "levante example"]), max_size=3))
def test_the_pieces_are_the_text(words: list[str], asked: list[str]) -> None:
    phrases = [phrase for each in asked if (phrase := phrase_of(each, beginning=True))]
    pieces = excerpt(" ".join(words), phrases, length=60)
    whole = "".join(piece.text for piece in pieces).strip("…")
    assert whole in " ".join(" ".join(words).split())
    assert all(piece.text for piece in pieces)
    assert not holds_all(pieces, phrases) or all(any(piece.hit for piece in pieces) for _ in phrases)
