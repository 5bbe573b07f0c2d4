"""An SMTP server that takes access tokens instead of passwords, as Gmail's and Microsoft's do."""

import base64
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from typing_extensions import override

from servers.mail_catcher import MailCatcher


class SmtpWithTokens(MailCatcher):
    """Wants XOAUTH2; `account_of` tells whose a token is. `refusal` is what a sign-in is told that is not taken."""

    def __init__(self, account_of: Callable[[str], str | None]) -> None:
        super().__init__(login=("", ""))
        self._account_of = account_of
        self.refusal = "535 5.7.8 Username and Password not accepted"
        self.sign_ins = 0
        self.switched_off = False

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Google's mechanism: a refused token is explained first, and the answer to that is empty."""
        self.sign_ins += 1
        said = base64.b64decode(args[1]).decode().split("\1")
        user, token = said[0].removeprefix("user="), said[1].removeprefix("auth=Bearer ")
        if self._account_of(token) == user and not self.switched_off:
            return AuthResult(success=True)
        await server.challenge_auth(b'{"status":"400"}')
        return AuthResult(success=False, handled=False, message=self.refusal)

    @override
    def _options(self) -> dict[str, Any]:
        return {**super()._options(), "auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
