"""Both ways in which an IMAP server takes a token (XOAUTH2, and OAUTHBEARER of RFC 7628), on a real Dovecot."""

import pytest

from integration.oauth.conftest import House
from mailsync.imap.errors import TokenRejected
from servers.dovecot import Dovecot


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_token_logs_in_by_the_one_mechanism_that_is_offered(house: House, mechanism: str) -> None:
    introspection = f"{house.provider.url}/introspect"
    with Dovecot(introspection_url=introspection, settings=f"auth_mechanisms = plain {mechanism}\n") as imap:
        house.imap = imap
        house.settings = house.settings.model_copy(update={"oauth_google_imap_url": f"imap://{imap.host}:{imap.port}"})
        mailbox_id = house.connect()
        house.deliver(mailbox_id, "hello")

        assert house.sync(mailbox_id) == 1

        house.provider.spoil_access_tokens(house.provider.account)
        house.sync(mailbox_id)
        assert house.provider.counts["refresh_token"] == 1

        house.change_username(mailbox_id, "somebody-else@example.test")
        with pytest.raises(TokenRejected):
            house.sync(mailbox_id)
