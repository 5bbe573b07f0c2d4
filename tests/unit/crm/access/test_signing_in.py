"""Signing in, staying signed in, guessing, and tokens for programs."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access import repository
from crm.access.api_tokens import Scope, authenticate, create_token, revoke_token
from crm.access.failures import WINDOW_SECONDS, FailureLimit
from crm.access.people import deactivate, reactivate, set_password
from crm.access.signing_in import (
    SESSION_LASTS,
    SignInRefused,
    TooManyFailures,
    sign_in,
    sign_out,
    sign_out_everywhere,
    viewer_of_session,
)
from storage.models import ApiToken, LoginSession, User
from unit.crm.small_company import SmallCompany

PASSWORD = "correct horse battery"


@pytest.fixture
def enter(company: SmallCompany):
    """Bob with a password, and a way to try one."""
    set_password(company.store, company.viewer(company.bob), company.bob, PASSWORD)
    limit = FailureLimit()

    def sign(password: str = PASSWORD, email: str = "Bob@house.example ", ip: str = "192.0.2.1"):
        return sign_in(company.store, limit, email=email, password=password, ip=ip, user_agent="Browser\0")

    return sign


def who(company: SmallCompany, token: str):
    with company.store.database.reading() as session:
        return viewer_of_session(session, token)


def test_a_session_lasts_thirty_days_and_only_its_hash_is_kept(company: SmallCompany, enter) -> None:
    signed = enter()
    assert who(company, signed.token) == company.viewer(company.bob)
    (kept,) = company.rows(LoginSession)
    assert signed.token not in (kept.token_hash, kept.user_agent)
    assert who(company, "x" + signed.token) is None

    with time_machine.travel(utcnow() + SESSION_LASTS - timedelta(minutes=1), tick=False):
        assert who(company, signed.token) is not None
    with time_machine.travel(utcnow() + SESSION_LASTS + timedelta(minutes=1), tick=False):
        assert who(company, signed.token) is None
        enter()
    assert len(company.rows(LoginSession)) == 1, "the old one was forgotten"


def test_signing_out_here_and_everywhere(company: SmallCompany, enter) -> None:
    here, there, elsewhere = enter().token, enter().token, enter().token
    sign_out(company.store, here)
    assert (who(company, here), who(company, there) is not None) == (None, True)
    sign_out_everywhere(company.store, company.bob)
    assert who(company, there) is None
    again = enter().token
    set_password(company.store, company.viewer(company.ann), company.bob, PASSWORD + "!")
    assert (who(company, again), who(company, elsewhere)) == (None, None)


def test_wrong_unknown_and_gone_are_refused_in_the_same_words(company: SmallCompany, enter) -> None:
    sentences = set()
    for attempt in (
        lambda: enter("wrong password"),
        lambda: enter(email="nobody@house.example"),
        lambda: enter(email="ann@house.example"),  # She has no password.
        lambda: enter("x" * 100_000),
    ):
        with pytest.raises(SignInRefused) as refused:
            attempt()
        sentences.add(str(refused.value))
    token = enter().token
    deactivate(company.store, company.viewer(company.ann), company.bob)
    with pytest.raises(SignInRefused) as refused:
        enter()
    assert sentences == {str(refused.value)}
    assert who(company, token) is None


def test_five_wrong_guesses_close_the_door_for_this_account_from_this_place(enter) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            enter("guess")
    with pytest.raises(TooManyFailures) as closed:
        enter()
    assert 0 < closed.value.retry_after <= WINDOW_SECONDS
    assert enter(ip="192.0.2.2")


def test_failures_are_forgotten_in_time_and_forgiven(company: SmallCompany) -> None:
    now = [0.0]
    limit = FailureLimit(clock=lambda: now[0])
    for at in (0, 10, 20):
        now[0] = at
        limit.count(["a"])
    assert limit.wait_for([("a", 4), ("b", 1)]) == 0
    assert limit.wait_for([("a", 3)]) == WINDOW_SECONDS - 20
    assert limit.wait_for([("a", 2)]) == WINDOW_SECONDS - 10
    now[0] = WINDOW_SECONDS
    assert limit.wait_for([("a", 3)]) == 0
    limit.forgive("a")
    assert limit.wait_for([("a", 1)]) == 0


def test_a_token_is_shown_once_limited_to_scopes_and_dies_with_its_person(company: SmallCompany) -> None:
    ann = company.viewer(company.ann)
    token = create_token(company.store, ann, name="Reports", scopes=["mail:read", "MAIL:READ"], user_id=company.bob)

    with company.store.database.reading() as session:
        caller = authenticate(session, token)
        assert authenticate(session, token + "x") is None
        assert authenticate(session, "x") is None
    assert (caller.viewer, caller.scopes) == (company.viewer(company.bob), {Scope.MAIL_READ})
    caller.require(Scope.MAIL_READ)
    with pytest.raises(Forbidden, match="mail:send"):
        caller.require(Scope.MAIL_SEND)
    assert token not in company.rows(ApiToken)[0].token_hash

    with company.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.id == company.bob).values(active=False))
        assert authenticate(session, token) is None
        session.execute(update(User).where(User.id == company.bob).values(active=True))
        assert authenticate(session, token) is not None
    deactivate(company.store, ann, company.bob)
    reactivate(company.store, ann, company.bob)
    with company.store.database.reading() as session:
        assert authenticate(session, token) is None, "whoever comes back makes new ones"


def test_whose_tokens_one_makes_and_revokes(company: SmallCompany) -> None:
    ann, bob = company.viewer(company.ann), company.viewer(company.bob)
    create_token(company.store, bob, name="Bob's", scopes=["work:read"], user_id=company.bob)
    create_token(company.store, ann, name="Ann's", scopes=["work:read"], user_id=company.ann)
    with company.store.database.reading() as session:
        (bobs,) = repository.tokens(session, bob)
        anns = next(token for token in repository.tokens(session, ann) if token.name == "Ann's")

    for attempt, error in (
        (lambda: create_token(company.store, bob, name="x", scopes=["work:read"], user_id=company.ann), Forbidden),
        (lambda: create_token(company.store, ann, name="Ann's", scopes=["work:read"], user_id=company.ann), Conflict),
        (lambda: create_token(company.store, ann, name=" ", scopes=["work:read"], user_id=company.ann), UsageError),
        (lambda: create_token(company.store, ann, name="y", scopes=[], user_id=company.ann), UsageError),
        (lambda: create_token(company.store, ann, name="y", scopes=["mail:red"], user_id=company.ann), UsageError),
        (lambda: revoke_token(company.store, bob, anns.id), NotFound),
    ):
        with pytest.raises(error):
            attempt()
    revoke_token(company.store, bob, bobs.id)
    with pytest.raises(NotFound):
        revoke_token(company.store, bob, bobs.id)
