"""Templates of single mails: whose they are, what is wrong with them, and what they say to somebody."""

import pytest

from core.errors import Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.outgoing.templates.filling import fill, placeholders_in
from crm.outgoing.templates.keeping import TemplateText, add_template, change_template, delete_template
from crm.outgoing.templates.repository import templates
from storage.models import Role
from unit.crm.small_company import SmallCompany

OFFER = TemplateText(
    "Offer", "Our offer, {{ contact.first_name }}", "Dear {{ contact.first_name }},\n{{ me.first_name }}"
)


def add(company: SmallCompany, viewer: Viewer, written: TemplateText = OFFER) -> int:
    with company.store.database.unit_of_work() as session:
        return add_template(session, viewer, written)


def seen(company: SmallCompany, viewer: Viewer) -> list[tuple[str, bool]]:
    with company.store.database.reading() as session:
        return [(one.name, one.may_change) for one in templates(session, viewer)]


def filled(company: SmallCompany, viewer: Viewer, template_id: int, to: str, name: str = "", **more):
    with company.store.database.reading() as session:
        return fill(session, viewer, template_id, to=to, name=name, **more)


def test_own_templates_are_nobody_elses_and_shared_ones_are_changed_by_who_made_them(company: SmallCompany) -> None:
    ann, bob = company.viewer(company.ann), Viewer(company.bob, Role.SELLER)
    gus = Viewer(company.gus, Role.GUEST)
    own = add(company, bob)
    shared = add(company, bob, TemplateText("Thanks", "", "Thank you!", shared=True))
    by_ann = add(company, ann, TemplateText("Bill", "", "Please pay.", shared=True))

    assert seen(company, bob) == [("Bill", False), ("Offer", True), ("Thanks", True)]
    assert seen(company, ann) == [("Bill", True), ("Thanks", True)], "an administrator looks after shared ones"
    assert seen(company, gus) == [("Bill", False), ("Thanks", False)]
    with company.store.database.unit_of_work() as session:
        with pytest.raises(NotFound):
            change_template(session, ann, own, OFFER)
        with pytest.raises(Forbidden):
            delete_template(session, bob, by_ann)
        with pytest.raises(Forbidden):
            add_template(session, gus, OFFER)
        with pytest.raises(Forbidden):
            delete_template(session, gus, shared)
        change_template(session, bob, own, TemplateText("Offer", "", "For all", shared=True))
        delete_template(session, ann, shared)
    assert seen(company, ann) == [("Bill", True), ("Offer", True)]


def test_an_administrator_who_ends_the_sharing_gives_it_back_to_its_maker(company: SmallCompany) -> None:
    ann, bob = company.viewer(company.ann), Viewer(company.bob, Role.SELLER)
    thanks = TemplateText("Thanks", "", "Thank you!", shared=True)
    by_bob, by_nobody = add(company, bob, thanks), add(company, Viewer.system(), thanks)

    alone = TemplateText("Mine", "", "Thank you!")
    with company.store.database.unit_of_work() as session:
        change_template(session, ann, by_bob, alone)
        with pytest.raises(UsageError, match="No person made this template"):
            change_template(session, ann, by_nobody, alone)
    assert seen(company, bob) == [("Mine", True), ("Thanks", False)]
    assert seen(company, ann) == [("Thanks", True)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (TemplateText(" ", "", "x"), "name"),
        (TemplateText("a", "", " \n"), "no text"),
        (TemplateText("a", "", "Dear {{ contact.fist_name }}"), "did you mean contact.first_name"),
        (TemplateText("a", "{% if contact.name %}x", "x"), "The subject"),
        (TemplateText("a", "", "{% include 'other' %}"), "other templates"),
        (TemplateText("a" * 101, "", "x"), "too long"),
    ],
)
def test_what_is_wrong_is_told_when_it_is_written(company: SmallCompany, written: TemplateText, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        add(company, company.viewer(company.ann), written)


def test_it_is_filled_with_what_is_known_and_says_what_is_not(company: SmallCompany) -> None:
    ann = company.viewer(company.ann)
    text = "{{ contact.first_name }}|{{ company.name | default: 'you' }}|{{ deal.title }}|{{ me.name }}|{{ me.email }}"
    both = add(company, ann, TemplateText("All", "For {{ contact.first_name }}", text))

    known = filled(company, ann, both, "carl@client.example", mailbox_id=company.mailbox)
    assert known.subject == "For Carl"
    assert known.text.split("|") == ["Carl", "Client Ltd", "Two grinders", "Ann Archer", "ann@house.example"]
    assert known.missing == ()

    stranger = filled(company, ann, both, "x@new.example", "Mr Xaver {{ me.name }}")
    assert stranger.text.split("|")[:3] == ["Xaver", "you", "{{ deal.title }}"]
    nobody = filled(company, ann, both, "")
    assert nobody.subject == "For {{ contact.first_name }}"
    assert nobody.missing == ("{{ contact.first_name }}", "{{ deal.title }}", "{{ me.email }}")
    with pytest.raises(NotFound):
        filled(company, ann, both, "", mailbox_id=company.bobs_mailbox)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('Dear {{ contact.name | split: " " | first }}', "Dear {{ contact.name }}"),
        ('Dear {{ contact.name | split: " " | first | default: "friend" }}', "Dear friend"),
        ("{{ contact.name | url_encode }}", "{{ contact.name }}"),
        ("{{ contact.name | truncate: 8 }}", "{{ contact.name }}"),
        ("{{ contact.name | slice: 0, 5 }}", "{{ contact.name }}"),
        ('{{ contact.name | replace: " ", "+" }}', "{{ contact.name }}"),
        ('{{ contact.name | remove: "contact." }}', "{{ contact.name }}"),
        ('{{ "Dear " | append: contact.name | url_encode }}', "Dear+%7B%7B+contact.name+%7D%7D"),
        ("{% capture who %}{{ contact.name }}{% endcapture %}{{ who | truncate: 8 }}", "{{ co..."),
        ("{% if contact.name %}a{% else %}b{% endif %}", "b"),
    ],
)
def test_no_filter_hides_that_something_is_missing(company: SmallCompany, text: str, left: str) -> None:
    ann = company.viewer(company.ann)
    got = filled(company, ann, add(company, ann, TemplateText("A", "", text)), "x@new.example")
    assert got.text == left
    assert ("{{ contact.name }}" in got.missing) is ("contact.name" in left or "{{" in left)


def test_what_a_filter_leaves_of_a_placeholder_is_asked_about_before_sending() -> None:
    assert placeholders_in("Dear {{, {{ con...", "fine }}") == ("{{",)


def test_only_placeholders_of_ours_are_missed() -> None:
    assert placeholders_in("{{ name }} {{}} {{ CONTACT.NAME }}", "{{contact.name}}") == (
        "{{ CONTACT.NAME }}",
        "{{contact.name}}",
    )
