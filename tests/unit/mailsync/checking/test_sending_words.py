"""Refusals of real outgoing servers, and what the person is told to do."""

import pytest

from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage, refusal
from mailsync.checking.results import Field
from mailsync.checking.sending import sending_problem

LOGINS = [
    (535, "5.7.8 Username and Password not accepted.", "does not accept this user name and password"),
    (534, "5.7.9 Application-specific password required. For more information, go to https://support.google.com", "app password"),
    (534, "5.7.14 Please log in via your web browser and then try again. 5.7.14 https://support.google.com", "in a browser"),
    (454, "4.7.0 Too many login attempts, please try again later.", "wait a quarter of an hour"),
    (535, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "Authenticated SMTP"),
    (535, "5.7.139 Authentication unsuccessful, basic authentication is disabled.", "through the browser"),
    (535, "5.7.3 Authentication unsuccessful", "does not accept this user name and password"),
    (535, "5.7.0 (#AUTH005) Too many bad auth attempts.", "wait a quarter of an hour"),
    (535, "5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru / Application password is REQUIRED", "app password"),
    (535, "5.7.8 Error: authentication failed: This user does not have access rights to this service", "switched off"),
    (535, "5.7.8 Error: authentication failed: Invalid user or password!", "does not accept this user name and password"),
    (550, "User has no permission", "switched off"),
    (535, "Error: authentication failed, system busy", "wait a quarter of an hour"),
    (535, "Login fail. Account is abnormal, service is not open, password is incorrect.", "does not accept"),
    (535, "Authentication credentials invalid", "does not accept this user name and password"),
    (535, "Authentication Failed", "does not accept this user name and password"),
    (421, "4.7.0 Try again", "wait a quarter of an hour"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "says"), LOGINS)
def test_a_refused_login(code: int, text: str, says: str) -> None:
    problem = sending_problem(refusal(Stage.AUTH, code, None, text))
    assert says in problem.sentence
    assert problem.field is Field.SMTP_PASSWORD


@pytest.mark.parametrize(
    ("stage", "code", "text", "says", "field"),
    [
        (Stage.MAIL, 530, "5.7.0 Authentication Required.", "wants a login", Field.SMTP_HOST),
        (Stage.RCPT, 553, "5.7.1 Sender address rejected: not owned by user", "let this address send", Field.SMTP_HOST),
        (Stage.RCPT, 553, "Relaying disallowed", "let this address send", Field.SMTP_HOST),
        (Stage.CONNECT, 554, "5.7.1 blocked by a list", "did not greet us", None),
        (Stage.TLS, 454, "TLS not available", "encrypt", Field.SMTP_SECURITY),
    ],
)
def test_what_fails_elsewhere(stage: Stage, code: int, text: str, says: str, field: Field | None) -> None:
    problem = sending_problem(refusal(stage, code, None, text))
    assert says in problem.sentence
    assert problem.field is field


def test_a_server_that_is_not_there_is_told_beside_its_host_and_port() -> None:
    nowhere = SmtpTransient("Nothing listens at that host and port; check the port.", Failure(Stage.CONNECT))
    assert sending_problem(nowhere).field is Field.SMTP_PORT


def test_what_the_server_lacks_is_told_as_it_is() -> None:
    lacking = SmtpPermanent("The mail server has no SMTPUTF8.", Failure(Stage.MAIL, enhanced="5.6.7"))
    problem = sending_problem(lacking)
    assert (problem.sentence, problem.field) == ("The mail server has no SMTPUTF8.", Field.SMTP_HOST)
