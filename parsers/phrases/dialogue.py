"""How mail programs tell at which point of the SMTP dialogue they were refused, and by whom (lower case, no patterns)."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "BODY": (
        "in reply to end of data", "reply to end of message", "in reply to the message", "in reply to message body",
        "in reply to bdat", "after end of data", "after the end of data", "after pipelined end of data",
        "sending end of data", "sending message body", "sending message content", "sending data block",
        "failed after i sent the message", "[body]", "[end_of_data]", "[dot]", "(state 16)", "(state 17)",
        "(state 18)", "response to end of data", "response to the message", "after transmitting the message",
        "after the message was sent", "sent: .", "sent: message content", "body generated following response",
        "body of message generated",
    ),
    "DATA": (
        "in reply to data", "in reply to the data", "after data", "after pipelined data", "after sending data",
        "while sending data", "failed on data command", "[data]", "did not like our data",
        "data generated following response", "smtp command data", "response to data", "response to the data",
        "command: data", "command was: data", "sent: data", "data command",
    ),
    "RCPT": (
        "in reply to rcpt", "in reply to the rcpt", "after rcpt", "after pipelined rcpt", "after sending rcpt",
        "while sending rcpt", "does not like recipient", "[rcpt_to]", "did not like our rcpt",
        "rcpt to generated following response", "smtp:rcpt", "smtp command rcpt", "response to rcpt",
        "response to \"rcpt", "response to the rcpt", "rcpt command", "following rcpt", "command: rcpt",
        "command was: rcpt", "sent: rcpt", "(state 13)", "(state 14)", "smtpaddressfailedexception",
        "rcpt to command",
    ),
    "MAIL": (
        "in reply to mail", "in reply to the mail", "after mail from", "after pipelined mail from",
        "after sending mail from", "while sending mail from", "but sender was rejected", "[mail_from]",
        "did not like our mail from", "mail from generated following response", "smtp command mail",
        "response to mail from", "response to \"mail", "command: mail from", "command was: mail", "sent: mail from",
        "smtpsenderfailedexception", "smtp:mail",
    ),
    "HELO": (
        "in reply to helo", "in reply to ehlo", "in reply to lhlo", "after helo", "after ehlo", "after lhlo",
        "but my name was rejected", "performing the helo", "performing the ehlo", "performing the lhlo",
        "did not like our helo", "did not like our ehlo", "helo generated following response", "smtp command helo",
        "smtp command ehlo", "response to helo", "response to ehlo", "sent: helo", "sent: ehlo", "(sent_helo)",
        "(sent_ehlo)",
    ),
    "CONN": (
        "refused to talk to me", "after initial connection", "but greeting failed", "but connection died",
        "receiving the initial server greeting", "[connect]", "able to establish an smtp connection",
        "connection timed out", "connection refused", "connection failed", "could not connect", "cannot connect",
        "unable to connect", "failed to connect", "no route to host", "network is unreachable",
    ),
}  # fmt: skip
"""By the command that was answered; the first of these that is said counts."""
SENT = (">>>", "-->", "sent:", "sent <<<", "c:", "in:")
ANSWERED = ("<<<", "<--", "replied:", "received:", "received >>>", "s:", "out:")
"""What programs that copy the dialogue write before a command, and before the answer to it."""
NO_RECIPIENT = ("need rcpt", "no valid recipients", "no recipients", "valid rcpt", "rcpt first", "rcpt (recipient)")
"""An answer to DATA that only tells that no recipient was left: the refusal before it was the answer to RCPT."""
BEFORE_HOST = (
    "talking to", " host", "connected to", "connect to", "connection with", "connection to", "conversation with",
    "giving up on", "remote server", "smtp server", "response from",
)  # fmt: skip
AFTER_HOST = ("does not like", "did not like", "failed on data", "failed after i sent")
"""What stands before and behind the name of the host that spoke."""
REPORTS_BEHIND = (
    "mail system at host", "-send program at", "generating server:", "delivery status notification from",
    "mail server at", "reporting-mta: dns;", "created automatically by the mail system at",
)  # fmt: skip
"""What stands before the name of the host that reports."""
