"""Which program calls, and whether its token was made for this."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from core.errors import Forbidden, MailsyncError
from crm.access.api_tokens import ApiCaller, Scope, authenticate
from crm.access.viewer import Viewer
from web.signed_in import NO_RIGHTS, services_of

bearer = HTTPBearer(auto_error=False, description="A token made by `mailsync token create` or in Settings.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class NoToken(MailsyncError):
    """The request carries no token that counts."""


def caller_of(request: Request, credentials: Credentials) -> ApiCaller:
    """The program behind the request. Raises `NoToken`."""
    if credentials is not None:
        with services_of(request).store.database.reading() as session:
            caller = authenticate(session, credentials.credentials)
        if caller is not None:
            return caller
    raise NoToken("Send a token that counts: Authorization: Bearer msk_…")


def needs(scope: Scope) -> Callable[[ApiCaller], Viewer]:
    """A dependency that lets only tokens of `scope` through, and gives the viewer behind them."""

    def viewer(caller: Annotated[ApiCaller, Depends(caller_of)]) -> Viewer:
        caller.require(scope)
        if caller.viewer.rights.is_nothing:
            raise Forbidden(NO_RIGHTS)
        return caller.viewer

    return viewer


MailReader = Annotated[Viewer, Depends(needs(Scope.MAIL_READ))]
MailSender = Annotated[Viewer, Depends(needs(Scope.MAIL_SEND))]
RecordReader = Annotated[Viewer, Depends(needs(Scope.RECORDS_READ))]
RecordWriter = Annotated[Viewer, Depends(needs(Scope.RECORDS_WRITE))]
WorkReader = Annotated[Viewer, Depends(needs(Scope.WORK_READ))]
WorkWriter = Annotated[Viewer, Depends(needs(Scope.WORK_WRITE))]
CampaignReader = Annotated[Viewer, Depends(needs(Scope.CAMPAIGNS_READ))]
SettingsReader = Annotated[Viewer, Depends(needs(Scope.SETTINGS_READ))]
SettingsWriter = Annotated[Viewer, Depends(needs(Scope.SETTINGS_WRITE))]
