"""The SMTP half of a test: a mail is begun and taken back, and a refusal is read for what the person can do.

The wordings are those of Gmail, Microsoft, Yahoo, Yandex, Mail.ru, QQ, NetEase, GMX and others, in lower case.
"""

from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage
from delivery.servers import SmtpServer
from delivery.smtp import check_server
from mailsync.checking.results import Check, Field, Problem, Step

FIELDS = {
    Stage.RESOLVE: Field.SMTP_HOST,
    Stage.CONNECT: Field.SMTP_PORT,
    Stage.TLS: Field.SMTP_SECURITY,
    Stage.AUTH: Field.SMTP_PASSWORD,
    Stage.MAIL: Field.SMTP_HOST,
}
LOGIN_WORDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("application-specific password", "app password", "application password", "app-specific", "parol prilozheniya",
         "authorization code"),
        "The outgoing server needs an app password: make one in the provider's security settings and enter it here.",
    ),
    (
        ("smtpclientauthentication is disabled", "smtp_auth_disabled"),
        "Sending is switched off for this mailbox at Microsoft: its administrator can allow “Authenticated SMTP” there.",
    ),
    (
        ("basic authentication is disabled",),
        "The outgoing server takes no passwords from programs any more: sign in through the browser instead.",
    ),
    (
        ("web browser", "webloginrequired", "account is blocked", "account is locked"),
        "The provider blocked the login: sign in to the mailbox in a browser once, then try again.",
    ),
    (
        ("access rights to this service", "has no permission", "not enabled", "smtp is disabled"),
        "Sending by other programs is switched off for this mailbox: enable SMTP or IMAP in the provider's settings.",
    ),
    (
        ("too many", "rate limit", "try again later", "temporarily blocked", "system busy"),
        "The provider takes no more logins for now: wait a quarter of an hour, then try again.",
    ),
)  # fmt: skip
WRONG_LOGIN = (
    "The outgoing server does not accept this user name and password, although reading works with them: "
    "it may want others."
)
NOT_THE_SENDER = (
    "The outgoing server does not let this address send: check its user name, or give the server of the address's own "
    "provider."
)
NO_LOGIN = "The outgoing server wants a login before it takes mail: give its encryption as TLS or STARTTLS."


async def sending_check(server: SmtpServer, sender: str) -> Check:
    """Connect, encrypt, sign in, and name sender and recipient (`sender` twice); no mail is sent."""
    try:
        await check_server(server, sender=sender)
    except SmtpTransient as error:
        if error.failure.stage in (Stage.MAIL, Stage.RCPT):
            return Check(Step.SENDING, detail=server.host)  # Greylisted, or busy: the login itself works.
        return Check(Step.SENDING, sending_problem(error, with_token=server.access_token is not None))
    except SmtpPermanent as error:
        return Check(Step.SENDING, sending_problem(error, with_token=server.access_token is not None))
    return Check(Step.SENDING, detail=server.host)


def sending_problem(error: SmtpTransient | SmtpPermanent, *, with_token: bool = False) -> Problem:
    """What a failed test of the outgoing server means; `with_token`: no password was tried, but an OAuth token."""
    failure = error.failure
    if with_token and failure.stage is Stage.AUTH:
        return Problem(str(error))
    if failure.refused_login:
        return Problem(_login_words(failure), Field.SMTP_PASSWORD)
    if failure.stage in (Stage.MAIL, Stage.RCPT) and failure.code is not None:
        return Problem(NO_LOGIN if failure.code == 530 else NOT_THE_SENDER, Field.SMTP_HOST)
    if failure.stage is Stage.CONNECT and failure.code is not None:
        return Problem(f"{error} Wait a while, then try again; some networks are not let in at all.")
    return Problem(str(error), FIELDS.get(failure.stage))


def _login_words(failure: Failure) -> str:
    said = failure.reply.lower()
    for signs, sentence in LOGIN_WORDS:
        if any(sign in said for sign in signs):
            return sentence
    busy = failure.code is not None and failure.code < 500
    return LOGIN_WORDS[-1][1] if busy else WRONG_LOGIN
