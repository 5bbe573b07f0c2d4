"""The mails of the table, by the words that it has for them; `{n}` is the number of the row's circle of people.

The same word is the same mail, wherever and whenever it comes. `word~spam` is a copy that a server has changed.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from crm_world import HISTORY, NOW, mail

SALES, ANN, BOB = "sales@ours.example", "ann@ours.example", "Bob <bob@ours.example>"
BOTH = f"{SALES}, {ANN}"
CARL, DORA = "Carl Client <carl@client{n}.example>", "Dora <dora@client{n}.example>"
EVE, GINA = "Eve <eve@other{n}.example>", "Gina <gina{n}@gmail.com>"
NO_REPLY, COLLEAGUE = "no-reply@client{n}.example", "Temp <temp{n}@ours.example>"
TEXT = "Hello there,\n\ncould you send us an offer? https://client.example/boat\n"
BANNER = "CAUTION: this mail came from outside.\n\n"
AWAY = "I am out of the office until 9 March and will answer when I am back.\n"
MASS = {"List-Unsubscribe": "<https://client.example/u>", "Precedence": "bulk"}
BY_LIST = {"List-Id": "Boats <boats.lists.example>", "List-Post": "<mailto:boats@lists.example>", "Precedence": "list"}
FAILED = {"Authentication-Results": "mx.ours.example; dmarc=fail header.from=ours.example"}


@dataclass(frozen=True)
class Written:
    """One mail. `cites` are the words of others; `machine` is what a program puts in place of headers and body."""

    from_: str
    to: str = BOTH
    subject: str = "Offer"
    cites: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    text: str = TEXT
    machine: str = ""
    signed: bool = False
    """Its Message-ID is one that we sign."""

    @property
    def in_sent(self) -> bool:
        """Whether it lies in the folder for what was sent."""
        return self.from_ in (SALES, ANN, BOB) and any("{n}" in each for each in (self.to, self.headers.get("Cc", "")))


def _re(from_: str, *cites: str, subject: str = "Re: Offer", to: str = BOTH) -> Written:
    return Written(from_, to, subject, cites)


def _for(from_: str, reply_to: str, **headers: str) -> Written:
    return Written(from_, headers={"Reply-To": reply_to, **headers})


REPORT = """Content-Type: multipart/report; report-type={type}; boundary="x"

--x
Content-Type: text/plain

{words}
--x
Content-Type: {part}

{said}

--x--
"""
BOUNCED = REPORT.format(
    type="delivery-status",
    words="User unknown",
    part="message/delivery-status",
    said="Reporting-MTA: dns; mx.client.example\n\nFinal-Recipient: rfc822; gone@client.example\n"
    "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown",
)
COMPLAINED = REPORT.format(
    type="feedback-report",
    words="This is an email abuse report.",
    part="message/feedback-report",
    said="Feedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: gone@client.example",
)
READ = REPORT.format(
    type="disposition-notification",
    words="Your mail was displayed.",
    part="message/disposition-notification",
    said="Final-Recipient: rfc822; carl@client.example\nDisposition: manual-action/MDN-sent-manually; displayed",
)
INVITED = """Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:1@client.example
DTSTART:20260310T100000Z
SUMMARY:Boat
END:VEVENT
END:VCALENDAR
"""

MAILS = {
    # Carl, and what is said in the conversation that he begins
    "carl": Written(CARL),
    "carl2": Written(CARL, subject="Something else"),
    "ours": Written(SALES, CARL, "Our offer"),
    "bob-ours": Written(BOB, CARL, "From Bob"),
    "re": _re(CARL, "carl"),
    "re-ours": _re(CARL, "ours", subject="Re: Our offer"),
    "subject": _re(CARL),
    "subject-ours": _re(CARL, subject="Re: Our offer"),
    "ours-re": _re(SALES, "carl", to=CARL),
    "ours-subject": _re(SALES, to=CARL),
    "again": _re(CARL, "carl", "ours-re"),
    # His colleague, a third person, somebody at a provider of free mail
    "dora": Written(DORA, subject="Question"),
    "dora-re": _re(DORA, "carl"),
    "dora-subject": _re(DORA),
    "eve": Written(EVE, subject="Plan"),
    "eve-fwd": _re(EVE, "carl", subject="Fwd: Offer"),
    "eve-re": _re(EVE, "carl"),
    "eve-subject": _re(EVE),
    "eve-cc": Written(EVE, f"{SALES}, {CARL}", "Re: Offer", ("carl",)),
    "ours-eve": _re(SALES, "carl", subject="Fwd: Offer", to=EVE),
    "ours-both": _re(SALES, "carl", to=f"{DORA}, {CARL}"),
    "ours-cc": Written(SALES, EVE, "Plan", headers={"Cc": CARL}),
    "gina": Written(GINA, subject="Boat"),
    "gina2": Written("gina2{n}@gmail.com", subject="Boat"),
    # Among ourselves
    "bob": Written(BOB, SALES, "Lunch"),
    "bob-plus": Written("bob+shop@ours.example", SALES, "Lunch"),
    "bob-fwd": Written(BOB, SALES, "Fwd: Offer", ("carl",)),
    "from-box": Written(ANN, SALES, "Lunch"),
    "temp": Written(COLLEAGUE, SALES, "Lunch"),
    "temp-dora": Written(COLLEAGUE, f"{DORA}, {SALES}", "Question"),
    "ours-temp": Written(SALES, f"{COLLEAGUE}, {CARL}", "Our offer"),
    "forged": Written(BOB, f"{SALES}, {EVE}", "Plan", headers={**FAILED, "Reply-To": EVE}),
    "carl-forged": Written(CARL, headers=FAILED),
    # Somebody writes for somebody else
    "form": _for(BOB, CARL),
    "temp-form": _for(COLLEAGUE, CARL),
    "no-reply": Written(NO_REPLY, subject="Your order"),
    "no-reply-carl": _for("no-reply@shop{n}.example", CARL),
    "wordpress-carl": _for("wordpress@shop{n}.example", CARL),
    "dora-carl": _for(DORA, CARL),
    "eve-carl": _for(EVE, CARL),
    "gina-gina2": _for(GINA, "gina2{n}@gmail.com"),
    "carl-ours": _for(CARL, SALES),
    "list-carl": _for("boats@lists.example", CARL, **BY_LIST),
    # Machines
    "bulk": Written(CARL, subject="News", headers=MASS),
    "list": Written(CARL, "boats@lists.example", "Boats", headers=BY_LIST),
    "spam": Written(CARL, headers={"X-Spam-Flag": "YES"}),
    "auto": Written(
        CARL, subject="Automatic reply: Offer", headers={"Auto-Submitted": "auto-replied"}, text="Got it.\n"
    ),
    "away": Written(CARL, subject="Out of office", headers={"Auto-Submitted": "auto-replied"}, text=AWAY),
    "bounce": Written("MAILER-DAEMON@client{n}.example", subject="Undelivered Mail", machine=BOUNCED),
    "complaint": Written("fbl@client{n}.example", subject="Abuse report", machine=COMPLAINED),
    "receipt": Written(CARL, subject="Read: Offer", machine=READ),
    "invitation": Written(CARL, subject="Boat", machine=INVITED),
    # Ids and addresses that we give out
    "sent-here": Written(SALES, CARL, "Our offer", signed=True),
    "signed-by-eve": Written(EVE, subject="Plan", signed=True),
    # Whom rules and policies are about
    "info": Written("Office <info@client{n}.example>", subject="Boat"),
    "by-text": Written("486001000{n}@sms.example", subject="Text message"),
    "by-call": Written("+486001000{n}@calls.example", subject="Missed call"),
    "by-number": Written("486001000{n}@qq.com", subject="Text message"),
    # To the address that we sign for answers to what was sent here; forged, and at another's domain
    "eve-by-address": Written(EVE, "sales+{signed}@ours.example", "Plan"),
    "carl-by-address": Written(CARL, "sales+{signed}@ours.example", "Another matter"),
    "eve-forged-address": Written(EVE, "sales+{forged}@ours.example", "Plan"),
    "eve-foreign-address": Written(EVE, "sales+{signed}@evil.example, sales@ours.example", "Plan"),
    "eve-removed-address": Written(EVE, "gone+{signed}@ours.example, sales@ours.example", "Plan"),
    "form-mass": Written("wordpress@shop{n}.example", headers={"Reply-To": CARL, **MASS}),
    "ours-auto": Written(
        SALES, CARL, "Automatic reply: Offer", headers={"Auto-Submitted": "auto-replied"}, text="Got it.\n"
    ),
    "carl3": Written(CARL, subject="Another boat"),
    "ours-info": Written(SALES, "info@client{n}.example", "Our offer"),
    "re-info": _re(CARL, "ours-info", subject="Re: Our offer"),
    "secret": Written(CARL, "task+abcdefghijklmnopqrstuvwxyz234567@ours.example", "Do this"),
}
COPIES = ("banner", "links", "spam", "bulk", "failed")
"""What servers do to copies."""


def raw_of(word: str, number: int, *, old: bool, signed_id: str) -> bytes:
    """The mail as it comes to the circle of that number; `old`: from before the mailboxes were connected."""
    name, _, change = word.partition("~")
    each, moment = MAILS[name], (HISTORY if old else NOW) + timedelta(minutes=list(MAILS).index(name))
    assert not change or change in COPIES
    headers = {
        **each.headers,
        **({"X-Spam-Flag": "YES"} if change == "spam" else {}),
        **(MASS if change == "bulk" else {}),
        **(FAILED if change == "failed" else {}),
    }
    people = {"from_": each.from_, "to": each.to, **{name.replace("-", "_"): value for name, value in headers.items()}}
    ours = signed_id.partition("@")[0]
    words = {"{n}": str(number), "{signed}": ours, "{forged}": ours[:-2] + ("00" if ours[-2:] != "00" else "11")}
    filled = {role: _filled(value, words) for role, value in people.items()}
    text = BANNER + each.text if change == "banner" else each.text
    whole = mail(
        subject=each.subject,
        message_id=signed_id if each.signed else f"{name}-{number}@client.example",
        references=[f"{cited}-{number}@client.example" for cited in each.cites],
        date=moment,
        text=text.replace("https://", "https://gateway.example/?u=") if change == "links" else text,
        **filled,
    )
    return _by_machine(filled, each, number, format_datetime(moment)) if each.machine else whole


def _filled(value: str, words: dict[str, str]) -> str:
    for word, meant in words.items():
        value = value.replace(word, meant)
    return value


def _by_machine(people: dict[str, str], each: Written, number: int, date: str) -> bytes:
    named = f"From: {people['from_']}\nTo: {people['to']}\nSubject: {each.subject}\nDate: {date}\n"
    id_ = f"Message-ID: <{each.subject.replace(' ', '-')}-{number}@client.example>\nMIME-Version: 1.0\n"
    return (named + id_ + each.machine).replace("\n", "\r\n").encode()
