"""Many connections to one server, fed from one stream; every mail that is handed in gets exactly one result."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, Awaitable, Callable

from delivery.errors import SmtpPermanent, SmtpTransient, Stage, as_transient
from delivery.hopper import Hopper
from delivery.outcome import Opening, Result, lost, result_of
from delivery.pipelined import CHAIN_LIMIT, ConnectionOver, PreparedMail, SharedPace, SmtpSession
from delivery.servers import SmtpServer

MAX_TRIES = 3
"""Connections that may die under one mail before its dot, until it is given back as transient."""
HOPELESS = 10
"""Losses in a row, over all connections, until the server is taken for broken; at least two a connection."""


FreshServer = Callable[[str | None], Awaitable[SmtpServer]]
"""The server with an access token that is good now, and not the one that is given: that was refused.

Raises `SmtpTransient` or `SmtpPermanent`.
"""


class SendPool:
    """Sends over up to `connections` connections, opened as they are needed and kept for the whole run.

    Where the server is entered with an access token, `fresh` gives one for each connection: a run outlives a token.
    """

    def __init__(self, server: SmtpServer, connections: int, fresh: FreshServer | None = None) -> None:
        self.server = server
        self.connections = connections
        self.shared = SharedPace()
        self._fresh = fresh

    async def open(self) -> SmtpSession:
        """One more connection, logged in. Raises `SmtpTransient`, `SmtpPermanent`.

        A token that is refused is replaced once: it may have been taken back before its time.
        """
        if self._fresh is None:
            return await SmtpSession.open(self.server, self.shared)
        server = await self._fresh(None)
        try:
            return await SmtpSession.open(server, self.shared)
        except SmtpPermanent as error:
            if not error.failure.refused_login:
                raise
        return await SmtpSession.open(await self._fresh(server.access_token), self.shared)

    async def run(self, mails: AsyncIterable[PreparedMail], on_result: Callable[[Result], None]) -> None:
        """Send all of `mails`; `on_result` is called once for each that was drawn, in the order they end.

        At most three times as many as there are connections are drawn and without a result at any time. A stream that
        is slow, because a rate is kept, is fine. When the stream raises, what was drawn is finished first.
        Raises `SmtpTransient` or `SmtpPermanent` when no connection can be had (any more), or when one after the other
        is lost under its mail: the mails drawn have then had their result and no more are drawn. Only a caller that
        cancels this call leaves mails without one.
        """
        hopper = Hopper(mails, self.connections)
        run = _Run(self, hopper, on_result)
        feeder = asyncio.create_task(hopper.fill())
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.connections):
                    group.create_task(run.work())
        finally:
            exhausted = feeder.done()
            feeder.cancel()
            await asyncio.wait([feeder])
        stranded = run.give_up_rest()
        if exhausted and not feeder.cancelled():
            feeder.result()  # Raises what the stream raised.
        if run.error is not None and (stranded or not exhausted):
            raise run.error


class _Run:
    """One call of `SendPool.run`."""

    def __init__(self, pool: SendPool, hopper: Hopper, on_result: Callable[[Result], None]) -> None:
        self._open = pool.open
        self._hopper = hopper
        self._on_result = on_result
        self._tries: Counter[int] = Counter()
        self._losses = 0
        self._hopeless = max(HOPELESS, 2 * pool.connections)
        self.error: SmtpTransient | SmtpPermanent | None = None

    async def work(self) -> None:
        """Be one connection: open it when there is a mail, again after it is lost, until there are no mails."""
        while (mail := await self._hopper.borrow()) is not None:
            try:
                session = await self._open()
            except (SmtpTransient, SmtpPermanent) as error:
                # Perhaps it is one connection too many for this server: the others go on without this one.
                self._hopper.give_back(mail)
                self.error = error
                return
            self._hopper.keep()
            try:
                await self._use(session, mail)
            except ConnectionOver as over:
                self._try_again(over)
            finally:
                await session.close()
            if self._losses >= self._hopeless:
                self.error = self.error or lost(Stage.CONNECT, None, in_doubt=False)
                return

    def give_up_rest(self) -> bool:
        """Give a result to the mails that no connection is left for; true if there were any."""
        stranded = False
        while (mail := self._hopper.poll()) is not None:
            stranded = True
            error = self.error or lost(Stage.CONNECT, None, in_doubt=False)
            self._on_result(result_of(mail.key, as_transient(error)))
        return stranded

    async def _use(self, session: SmtpSession, first: PreparedMail) -> None:
        mail: PreparedMail | None = first
        while mail is not None:
            introduced = await session.introduce(mail)
            await self._converse(session, mail, introduced)
            mail = await self._hopper.take() if session.usable else None

    async def _converse(self, session: SmtpSession, mail: PreparedMail, introduced: Opening | Result) -> None:
        """Send mail behind mail for as long as there is a next one at once."""
        while isinstance(introduced, Opening):
            chain = session.chains and len(mail.message) < CHAIN_LIMIT
            delivered = await session.deliver(mail, introduced, self._hopper.poll() if chain else None)
            self._report(delivered.result)
            if delivered.following is None or delivered.next is None:
                return
            if isinstance(delivered.next, ConnectionOver):
                raise delivered.next
            mail, introduced = delivered.following, delivered.next
        self._report(introduced)

    def _report(self, result: Result) -> None:
        """A mail has ended. Without the server's word for it the connection was lost under it."""
        self._losses = self._losses + 1 if result.code is None and result.stage is Stage.DOT else 0
        self._on_result(result)

    def _try_again(self, over: ConnectionOver) -> None:
        key = over.mail.key
        self._losses += over.touched
        self._tries[key] += over.touched
        if self._tries[key] < MAX_TRIES:
            self._hopper.put_back(over.mail)
        else:
            del self._tries[key]
            self._on_result(result_of(key, over.error))
