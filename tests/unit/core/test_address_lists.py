"""The built-in lists with what an administrator added and took out."""

from core.addresses import BUILT_IN, AddressList, AddressLists

LISTS = AddressLists(
    added={
        AddressList.FREE_MAIL: frozenset({"provider.example"}),
        AddressList.ROLES: frozenset({"kontakt"}),
        AddressList.NO_REPLY: frozenset({"system"}),
    },
    removed={
        AddressList.FREE_MAIL: frozenset({"gmx.de"}),
        AddressList.ROLES: frozenset({"info"}),
        AddressList.NO_REPLY: frozenset({"noreply"}),
    },
)


def test_what_was_added_counts_and_what_was_taken_out_does_not() -> None:
    assert LISTS.is_free_mail("provider.example")
    assert LISTS.is_free_mail("mail.provider.example")
    assert not LISTS.is_free_mail("gmx.de")
    assert LISTS.is_free_mail("gmail.com")
    assert LISTS.organisation("mail.provider.example") is None
    assert LISTS.organisation("gmx.de") == "gmx.de"
    assert LISTS.organisation("mail.firm.example") == "firm.example"
    assert LISTS.organisation("") is None
    assert LISTS.is_role("kontakt+x@a.example")
    assert LISTS.is_role("support@a.example")
    assert not LISTS.is_role("info@a.example")
    assert LISTS.is_no_reply("system@a.example")
    assert LISTS.is_no_reply("do-not-reply@a.example")
    assert not LISTS.is_no_reply("noreply@a.example")
    assert BUILT_IN.is_no_reply("noreply@a.example")
    assert not BUILT_IN.is_free_mail("provider.example")
