"""Mail transactions on one connection, as few round trips as the server can bear.

    chained   the message and the next envelope in one write: one round trip a mail
    grouped   MAIL, RCPT and DATA in one write, then the message: two round trips (RFC 2920)
    single    one command at a time: four round trips, works with everything

A server that offers PIPELINING begins chained. The first oddity (a reply too many, a command not
understood, no answer) makes all connections to it one step more careful.
"""

import asyncio
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from delivery.channel import Channel, Group, Loss
from delivery.connecting import connect
from delivery.envelope import Envelope, Offer, dotted, offer_of, opening
from delivery.errors import SmtpPermanent, SmtpTransient, Stage, as_transient, refusal
from delivery.outcome import CLOSING, Opening, Outcome, Result, lost, result_of
from delivery.replies import Reply
from delivery.servers import SmtpServer

FINAL_PATIENCE = 600.0
"""RFC 5321 §4.5.3.2.6: a client that waits less sends mails twice."""
QUIT_PATIENCE = 2.0
CHAIN_LIMIT = 64 * 1024
"""Longer messages go alone, so that a connection lost half way is known to be lost before the dot."""


MAX_STRIKES = 3


class Pace(IntEnum):
    """How much is said at a time."""

    SINGLE = 0
    GROUPED = 1
    CHAINED = 2


@dataclass(slots=True)
class SharedPace:
    """The pace of all connections to one server; it only ever gets more careful."""

    pace: Pace = Pace.CHAINED
    strikes: int = 0
    """Connections lost in a row with commands under way: one is an accident, several are a server that minds."""

    def slow_down(self, seen: Pace) -> None:
        """One step below `seen`, unless another connection has been there before."""
        self.pace = min(self.pace, Pace(max(seen - 1, Pace.SINGLE)))
        self.strikes = 0

    def note_loss(self, seen: Pace, loss: Loss | None) -> None:
        """A connection ended with commands of pace `seen` unanswered."""
        self.strikes += 1
        if loss is not Loss.CLOSED or self.strikes >= MAX_STRIKES:
            self.slow_down(seen)


@dataclass(frozen=True, slots=True)
class PreparedMail:
    """One mail ready to leave: `message` is complete and signed. `key` is the caller's own.

    `clean` vouches that all its lines end in CRLF, the last one too, and none begins with a dot (a compiled campaign
    knows that), which saves looking.
    """

    key: int
    envelope: Envelope
    message: bytes
    clean: bool = False


class ConnectionOver(Exception):
    """The connection ended before the open mail's message was sent: it may be tried on another. Internal.

    `touched` is false where not even its envelope had been written.
    """

    def __init__(self, mail: PreparedMail, error: SmtpTransient, *, touched: bool) -> None:
        super().__init__(str(error))
        self.mail = mail
        self.error = error
        self.touched = touched


class SmtpSession:
    """One connection ready for mail. Not for several tasks at a time."""

    def __init__(self, channel: Channel, offer: Offer, shared: SharedPace) -> None:
        self._channel = channel
        self._offer = offer
        self._shared = shared
        self._reset_needed = False
        if not offer.pipelining:
            shared.pace = Pace.SINGLE

    @classmethod
    async def open(cls, server: SmtpServer, shared: SharedPace | None = None) -> Self:
        """Connect, encrypt, log in. Raises `SmtpTransient` or `SmtpPermanent`."""
        client = await connect(server)
        offer = offer_of([keyword.lower() for keyword in client.esmtp_extensions])
        return cls(Channel(client, server.timeout), offer, shared or SharedPace())

    @property
    def usable(self) -> bool:
        """Whether the connection still stands, as far as we were told."""
        return self._channel.loss is None

    @property
    def chains(self) -> bool:
        """Whether a next mail may be handed to `deliver` together with this one."""
        return self._shared.pace is Pace.CHAINED

    async def close(self) -> None:
        """Say QUIT where it will be heard, and let go."""
        if self.usable:
            await asyncio.wait([self._channel.send(b"QUIT\r\n", 1).done], timeout=QUIT_PATIENCE)
        await self._channel.close()

    async def introduce(self, mail: PreparedMail) -> Opening | Result:
        """Send the envelope of `mail`. A `Result` means that the mail ends here, refused.

        Raises `ConnectionOver` when the connection ends, or is no longer to be trusted, before an answer.
        """
        pace = self._shared.pace
        try:
            commands = self._commands(mail)
        except SmtpPermanent as error:
            return result_of(mail.key, error)
        if pace is Pace.SINGLE:
            replies = await self._one_by_one(mail, commands)
        else:
            group = self._channel.send(b"".join(commands), len(commands))
            replies = await self._answers(mail, group, 0, pace)
        return await self._judge(mail, replies, pace)

    async def deliver(self, mail: PreparedMail, introduced: Opening, following: PreparedMail | None) -> "Delivered":
        """Send the message of `mail`, which was introduced, and the envelope of `following` behind it.

        Never raises for `mail`: it always has its result. For `following` see `Delivered`.
        """
        body: bytes = mail.message + b".\r\n" if mail.clean else dotted(mail.message)
        commands: list[bytes] = []
        if following is not None:
            try:
                commands = self._commands(following)
            except SmtpPermanent as error:
                refused = result_of(following.key, error)
                return Delivered(await self._body_alone(mail, body, introduced), following, refused)
        if following is None:
            return Delivered(await self._body_alone(mail, body, introduced), None, None)
        group = self._channel.send(b"".join((body, *commands)), 1 + len(commands), FINAL_PATIENCE)
        await group.done
        result = _final(mail, group, introduced)
        try:
            replies = await self._answers(following, group, 1, Pace.CHAINED)
            return Delivered(result, following, await self._judge(following, replies, Pace.CHAINED))
        except ConnectionOver as over:
            return Delivered(result, following, over)

    def _commands(self, mail: PreparedMail) -> list[bytes]:
        commands = opening(mail.envelope, mail.message, self._offer)
        if self._reset_needed:
            commands.insert(0, b"RSET\r\n")
        return commands

    async def _one_by_one(self, mail: PreparedMail, commands: list[bytes]) -> list[Reply]:
        """As a cautious client does it: nothing more after the sender or every recipient was refused."""
        replies: list[Reply] = []
        for number, command in enumerate(commands):
            group = self._channel.send(command, 1)
            replies += await self._answers(mail, group, 0, Pace.SINGLE, touched=number > 0)
            if command.startswith(b"MAIL") and not replies[-1].good:
                break
            if number == len(commands) - 2 and not any(reply.good for reply in replies[1 + self._reset_needed :]):
                break
        return replies

    async def _answers(
        self, mail: PreparedMail, group: Group, skip: int, pace: Pace, *, touched: bool = False
    ) -> list[Reply]:
        """The replies to the envelope of `mail`: those of `group` after the first `skip`, once all are there."""
        await group.done
        if len(group.replies) == group.wanted:
            self._shared.strikes = 0
            return group.replies[skip:]
        farewell = next((reply for reply in group.replies if reply.code == CLOSING), None)
        if farewell is not None:
            error = refusal(Stage.MAIL, farewell.code, farewell.enhanced, farewell.text)
        else:
            error = lost(Stage.MAIL, group.loss, in_doubt=False)
            if pace is not Pace.SINGLE and group.written:
                self._shared.note_loss(pace, group.loss)
        raise ConnectionOver(mail, as_transient(error), touched=touched or group.written)

    async def _judge(self, mail: PreparedMail, replies: list[Reply], pace: Pace) -> Opening | Result:
        """What the replies mean, and the connection made ready for the next mail where this one is refused."""
        if self._reset_needed:
            self._reset_needed = False
            replies = replies[1:]
        opened = Opening(tuple(replies), len(mail.envelope.recipients))
        if opened.accepted:
            return opened
        lost_track = opened.astray or (pace is not Pace.SINGLE and opened.confused)
        if opened.farewell or lost_track:
            if lost_track:
                self._shared.slow_down(pace)
            await self._channel.close()
            raise ConnectionOver(mail, as_transient(opened.error()), touched=True)
        if opened.waits_for_data:  # RFC 2920 §3.1: nobody is left to get it, so a lone dot ends it.
            await self._channel.send(b".\r\n", 1, FINAL_PATIENCE).done
        else:
            self._reset_needed = opened.replies[0].good
        return result_of(mail.key, opened.error())

    async def _body_alone(self, mail: PreparedMail, body: bytes, introduced: Opening) -> Result:
        group = self._channel.send(body, 1, FINAL_PATIENCE)
        await group.done
        return _final(mail, group, introduced)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail's result, and where the one behind it stands: introduced, refused, or left without a connection."""

    result: Result
    following: PreparedMail | None
    next: Opening | Result | ConnectionOver | None


def _final(mail: PreparedMail, group: Group, introduced: Opening) -> Result:
    """What the first answer to a group that began with a message means; without one, whether the dot had left."""
    if not group.replies:
        dot_left = group.written and not (group.unsent and group.wanted == 1)
        return result_of(mail.key, lost(Stage.DOT, group.loss, in_doubt=dot_left))
    reply = group.replies[0]
    if not reply.good:
        return result_of(mail.key, refusal(Stage.DOT, reply.code, reply.enhanced, reply.text))
    return Result(mail.key, Outcome.SENT, reply.code, reply.text, None, None, introduced.refused(mail.envelope))
