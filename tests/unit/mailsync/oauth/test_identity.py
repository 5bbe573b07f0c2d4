"""Whom an ID token vouches for, and for whom it was made."""

import base64
import json
import time
from typing import Any

import pytest

from core.config import load_settings
from mailsync.oauth.errors import SignInFailed
from mailsync.oauth.identity import is_same_mailbox, vouched_addresses
from mailsync.oauth.providers import Provider, find_provider
from storage.models import OAuthProvider


def provider(key: OAuthProvider) -> Provider:
    return find_provider(load_settings(**{f"oauth_{key}_client_id": "us"}), key)


def id_token(**claims: Any) -> str:
    everything = {"aud": "us", "exp": time.time() + 60, **claims}
    parts = (json.dumps({"alg": "none"}), json.dumps(everything), "signature")
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


def test_google_vouches_for_a_verified_address_alone() -> None:
    google = provider(OAuthProvider.GOOGLE)
    assert vouched_addresses(google, id_token(email="Anna@gmail.com", email_verified=True)) == ["Anna@gmail.com"]
    for claims in ({"email": "anna@gmail.com"}, {"email": "anna@gmail.com", "email_verified": "false"}, {}):
        with pytest.raises(SignInFailed):
            vouched_addresses(google, id_token(**claims))


def test_microsoft_tells_a_sign_in_name_and_an_address() -> None:
    microsoft = provider(OAuthProvider.MICROSOFT)
    both = id_token(preferred_username="anna@corp.example", email="anna.b@corp.example")
    assert vouched_addresses(microsoft, both) == ["anna.b@corp.example", "anna@corp.example"]
    assert vouched_addresses(microsoft, id_token(upn="anna@corp.example")) == ["anna@corp.example"]
    with pytest.raises(SignInFailed):
        vouched_addresses(microsoft, id_token(preferred_username="+49 170 1234567"))


@pytest.mark.parametrize("token", [None, "", "one", "a.b.c", "a.W10.c"])
def test_what_is_no_token_vouches_for_nobody(token: str | None) -> None:
    with pytest.raises(SignInFailed):
        vouched_addresses(provider(OAuthProvider.GOOGLE), token)


def test_a_token_that_is_for_others_or_has_ended_vouches_for_nobody() -> None:
    google, good = provider(OAuthProvider.GOOGLE), {"email": "anna@gmail.com", "email_verified": True}
    assert vouched_addresses(google, id_token(**good, aud=["us", "them"])) == ["anna@gmail.com"]
    for wrong in ({"aud": "them"}, {"aud": ["them"]}, {"exp": time.time() - 3600}, {"exp": "soon"}):
        with pytest.raises(SignInFailed):
            vouched_addresses(google, id_token(**good, **wrong))


def test_one_mailbox_may_be_written_in_two_ways() -> None:
    assert is_same_mailbox("Anna@GoogleMail.com", "anna@gmail.com")
    assert is_same_mailbox("anna@bücher.example", "anna@xn--bcher-kva.example")
    assert not is_same_mailbox("anna@gmail.com", "anna@example.com")
    assert not is_same_mailbox("anna@gmail.com", "an.na@gmail.com")
