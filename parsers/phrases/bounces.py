"""How mail servers announce that they could not deliver, for reports that are not made for machines."""

SUBJECTS = (
    "failed mail", "non remis", "undeliver", "delivery status notification", "delivery notification",
    "failure notice", "failure delivery", "returned mail", "returned to sender", "mail delivery",
    "delivery failure", "delivery failed", "delivery has failed", "failed delivery", "delivery error",
    "delivery problem", "mail system error", "non-delivery", "nondelivery", "non delivery",
    "could not be delivered", "not be delivered", "not been delivered", "mail not delivered",
    "message not delivered", "unable to deliver", "unzustellbar", "unzustellbarkeit", "nicht zugestellt",
    "zustellung fehlgeschlagen", "no se puede entregar", "no entregado", "devuelto", "não entregue",
    "falha na entrega", "non distribu", "échec de", "mancata consegna", "impossibile recapitare",
    "onbestelbaar", "niet bezorgd", "niedostarcz", "nie dostarczono", "zwrot", "не доставлен",
    "сообщение не дост", "недостав", "ваше сообщение не", "не может быть доставлено", "kunde inte levereras",
    "ej levererat", "kunne ikke leveres", "toimitus epäonnistui", "nedoruč", "kézbesít", "teslim edilemedi",
    "配信不能", "配信できません", "退信", "无法投递", "系统退信", "배달 실패", "error sending your mail",
    "delivery warning", "delivery delayed", "message delayed", "warning: message", "warning: could not send",
    "permanent delivery", "nameserver error report", "mail could not", "message status - undeliverable",
    "delivery report", "message delivery", "bounced mail", "bounce", "notification message", "errors from",
    "mail failure", "email delivery",
)  # fmt: skip
FAILED = (
    "error delivering", "error was detected", "delivery problems", "not yet been delivered", "n'a pas pu etre",
    "final delivery userid", "no mailbox here", "did not exactly match", "message could not",
    "could not be delivered", "couldn't be delivered", "could not deliver", "couldn't deliver",
    "unable to deliver", "undeliverable", "was not delivered", "not be delivered", "delivery failed",
    "delivery has failed", "failed to deliver", "wasn't able to deliver", "were not able to deliver",
    "did not reach", "permanent error", "permanent fatal errors", "permanent failure", "delivery failure",
    "returned to sender", "returned message", "following address failed", "following addresses failed",
    "address(es) failed", "user unknown", "unknown user", "host unknown", "mailbox full",
    "delivery to the following", "not delivered", "has not been delivered", "can't be delivered",
    "cannot be delivered", "failed recipient", "rejected", "no such user", "mailbox unavailable",
    "could not send", "cannot send", "not able to be delivered", "error sending", "problem delivering",
    "had problems", "fatal error", "did not get through", "delayed", "deferred", "account does not exist",
    "nicht zugestellt", "unzustellbar", "no se pudo entregar", "n'a pas pu être", "non è stato possibile",
    "не доставлено", "не может быть доставлено", "невозможно", "配信", "届けることができ", "not exist",
    "transcript of session", "your message to", "notificationtype",
)  # fmt: skip
# Where the copy of the returned message begins, in reports of one single text.
COPY_BEGINS = (
    "--- below this line is a copy", "below this line is a copy of", "------ this is a copy of",
    "this is a copy of the message", "----- original message", "--- original message", "----- unsent message",
    "----- message header", "----- undelivered message", "------ message headers",
    "--- the message that was sent", "original message follows", "original message headers",
    "original message header", "the body of the message", "your message header", "--- returned message",
    "----- begin of original", "----------- original", "returned message follows", "message header follows",
    "message headers follow", "unsent message below", "--- message", "the following is the original",
    "copy of the original message", "----- returned message", "content-type: message/rfc822",
    "content-type: text/rfc822-headers", "--- attachment", "--- undeliverable message",
    "message contents follow", "message text follows", "original message:", "original message was:",
    "undelivered-message", "header of original", "------ returned",     "--- headers of", "--- message content",
)  # fmt: skip
# The same told by its headers, which begin their lines.
COPY_HEADERS = ("received:", "return-path:", "message-id:")
