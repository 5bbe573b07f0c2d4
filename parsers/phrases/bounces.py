"""How mail servers announce that they could not deliver, for reports that are not made for machines (lower case)."""

DAEMONS = (
    "mailer-daemon", "mailerdaemon", "mailer_daemon", "mailer.daemon", "mail-daemon", "mail.daemon", "mdaemon",
    "postmaster", "post-master", "postoffice", "mail.delivery", "mail-deliver", "maildelivery", "mail_delivery",
    "mailadmin", "mail-admin", "mail_admin", "double-bounce", "system-administrator", "system administrator",
    "systemadministrator", "microsoftexchange", "mailsystem", "mail-system", "mail_system", "bounce-notification",
    "noreply-delivery", "delivery-status", "mailer@", "smtpd@", "mmdf@", "mta@", "ndr@", "non-delivery",
    "undeliverable",
)  # fmt: skip
"""How the local part of an address begins from which servers report."""
DAEMON_NAMES = (
    "mailer daemon", "mail delivery", "mail deliver", "postmaster", "mail administrator", "system administrator",
    "microsoft outlook", "mail system", "internet mail delivery", "mail router", "mdaemon", "mail daemon",
    "systemadministrator", "administrateur système", "administrador del sistema", "administrador do sistema",
    "amministratore sistema", "systeembeheerder", "administrator systemu", "системный администратор",
    "e-mail delivery", "email delivery", "delivery subsystem", "mmsc ndr", "pmdf e mail", "system attendant",
    "ndr administrator", "系统管理员", "邮件系统", "邮件投递系统", "システム管理者", "メール配信", "mail transport",
)  # fmt: skip
"""How their names begin, `-` as a blank."""
PEOPLE_TOO = ("postmaster", "post-master", "postoffice", "mailadmin", "mail-admin", "mail_admin", "system", "mta@")
"""Those of them under which people write as well."""
FORWARDED = ("fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "vs:", "pd:", "doorst:", "转发", "轉寄")
"""How the subject begins of what people forward; a cheap look."""
STATISTICS = ("quarantine", "summary", "digest", "statistic", "newsletter", "daily", "weekly", "monthly", "spam report")
"""In subjects of what servers write besides."""
SUBJECTS = (
    "undeliver", "undelivrable", "non-deliver", "nondeliver", "non deliver", "not deliver", "delivery status",
    "delivery notification", "failure notice", "failure notification", "failed mail", "failure delivery",
    "returned mail", "returned to sender", "return to sender", "returned message", "mail delivery",
    "delivery failure", "delivery failed", "delivery has failed", "delivery fail", "failed delivery",
    "failed to deliver", "delivery error", "delivery problem", "delivery report", "delivery warning",
    "delivery delay", "delivery incomplete", "delivery unsuccessful", "message delivery", "email delivery",
    "mail system error", "could not be delivered", "couldn't be delivered", "cannot be delivered",
    "can't be delivered", "can not be delivered", "not be delivered", "not been delivered", "mail could not",
    "message could not", "unable to deliver", "error sending", "message delayed", "delayed mail", "mail delayed",
    "warning: message", "warning: could not send", "permanent delivery", "nameserver error report", "bounced mail",
    "bounce", "notification message", "errors from", "mail failure", "message failure", "mail error",
    "error delivering", "error in delivery", "message status", "mail status", "user unknown", "unknown user",
    "unknown address", "unknown recipient", "invalid recipient", "mailbox full", "mailbox unavailable",
    "message rejected", "mail rejected", "rejected mail", "rejected:", "blocked mail", "message blocked",
    "message not sent", "mail not sent", "virus", "considered spam", "aborted", "mail returned", "email returned",
    "message returned", "transcript for details",
    # German
    "unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "zustellfehler",
    "zustellbericht", "zustellung verzögert", "übermittlung", "zustellungsstatus", "fehler bei der zustellung",
    "konnte nicht zugestellt", "nachricht zurück",
    # French
    "non remis", "non distribu", "non délivr", "échec de", "echec de", "retour de courrier", "remise différée",
    "notification d'état de remise", "message rejeté", "non recensé", "notification d'échec", "n'a pas pu être",
    # Spanish, Portuguese
    "no se puede entregar", "no entregado", "no entregable", "no se ha podido entregar", "no se pudo entregar",
    "devuelto", "error en la entrega", "error de entrega", "entrega fallida", "estado de entrega", "rechazado",
    "não entregue", "nao entregue", "não pôde ser", "não foi possível entregar", "falha na entrega",
    "falha no envio", "falha de entrega", "devolvid", "notificação de status", "status de entrega",
    # Italian, Dutch
    "mancata consegna", "impossibile recapitare", "non recapitabile", "non consegnat", "mancato recapito",
    "errore di consegna", "notifica sullo stato", "messaggio respinto", "avviso di mancata", "onbestelbaar",
    "niet bezorgd", "niet afgeleverd", "kon niet worden", "bezorging mislukt", "niet worden bezorgd",
    # Polish, Czech, Slovak, Hungarian, Romanian
    "niedostarcz", "nie dostarczono", "zwrot", "niedoręcz", "nie można dostarczyć", "błąd dostarczenia", "nedoruč",
    "nelze doručit", "nepodarilo sa doruč", "kézbesít", "nu a fost livrat", "nelivrat",
    # Russian, Ukrainian, Greek, Turkish
    "не доставлен", "недостав", "сообщение не дост", "ваше сообщение не", "не может быть доставлено",
    "невозможно доставить", "ошибка доставки", "сбой доставки", "отчет о недоставке", "не вдалося доставити",
    "недоставлен", "αποτυχία παράδοσης", "δεν παραδόθηκε", "teslim edilemedi", "iletilemedi",
    # Scandinavian, Finnish
    "kunde inte levereras", "ej levererat", "kan inte levereras", "kunne ikke leveres", "ikke levert",
    "ikke leveret", "kan ikke leveres", "toimitus epäonnistui", "ei voitu toimittaa", "ei toimitettu",
    # Chinese, Japanese, Korean
    "退信", "无法投递", "无法送达", "未送达", "投递失败", "發送失敗", "無法傳遞", "無法投遞", "退件", "寄送失敗",
    "配信不能", "配信できません", "配信エラー", "配送エラー", "配信失敗", "送信エラー", "送信できません",
    "届きません", "宛先不明", "未配信", "エラーメール", "배달 실패", "배달되지", "전송 실패", "반송", "전달 실패",
    # Arabic, Hebrew, Vietnamese, Thai
    "تعذر", "לא נמסר", "không gửi được", "không thể gửi", "ส่งไม่ถึง", "ไม่สามารถส่ง", "olevererbar",
    "gick inte att leverera", "ei toimitettavissa", "ei voi toimittaa", "se nezdařilo", "neisporuč",
    "nije isporučen", "ni mogoče dostaviti", "не удается доставить", "не вдається доставити",
    "δεν είναι δυνατή η παράδοση", "teslim edileme", "未传递", "配信不可", "não é possível entregar",
    "message you sent blocked", "blocked by our", "email blocked", "mail blocked",
)  # fmt: skip
CERTAIN_SUBJECTS = (
    "undeliverable", "undelivered mail", "undelivered message", "non-delivery:", "non-delivery report",
    "nondeliverable", "delivery failure", "delivery status notification (f", "delivery status notification (d",
    "mail delivery failure", "mail delivery failed", "mail delivery warning", "mail delivery error",
    "mail delivery problem", "mail delivery status", "mail delivery report", "message delivery failure",
    "message delivery failed", "email delivery failure", "email delivery failed", "failure notice", "returned mail",
    "mail returned", "delivery failed", "mail system error", "failed mail", "failed delivery", "delivery error",
    "delivery problem", "unable to deliver", "could not deliver", "mail could not be delivered",
    "message could not be delivered", "your message could not be delivered", "unzustellbar", "nicht zugestellt",
    "non remis", "non distribu", "échec de la remise", "no se puede entregar", "no entregado", "não entregue",
    "falha na entrega", "impossibile recapitare", "mancata consegna", "onbestelbaar", "niedostarczalne",
    "не доставлено", "недоставленное", "配信不能", "未送达", "无法投递", "退信", "系统退信", "non recapitabile",
    "kan ikke leveres", "kan inte levereras", "nedoručiteln", "teslim edilemedi", "배달되지 않음", "配信不可",
)  # fmt: skip
"""What only programs write, where nothing but the subject shows that one wrote: the subject begins or ends with it."""
FAILED = (
    "could not be delivered", "couldn't be delivered", "couldn\u2019t be delivered", "cannot be delivered",
    "can not be delivered", "can't be delivered", "can\u2019t be delivered", "not be delivered",
    "not been delivered", "was not delivered", "wasn't delivered", "wasn\u2019t delivered", "were not delivered",
    "not delivered", "not deliverable", "undeliver", "non-deliver", "could not deliver", "couldn't deliver",
    "cannot deliver", "unable to deliver", "able to deliver", "failed to deliver", "delivery failed",
    "delivery fail", "delivery to the following", "delevery to the following", "delivery of your",
    "delivery has failed", "delivery problems", "delivery error", "delivery of email", "delivery of the",
    "delivery attempt", "error delivering", "error was detected", "error sending", "error occurred",
    "errors occurred", "error-code:", "problem delivering", "not yet been delivered", "did not reach",
    "did not receive", "did not get through", "did not exactly match", "permanent error", "permanent fatal errors",
    "permanent failure", "fatal error", "delivery errors", "transient non-fatal errors", "returned to sender",
    "returned message", "returning message", "message returned", "being returned", "is returned",
    "has been returned", "following address failed", "following addresses failed", "address(es) failed",
    "failed address", "failed recipient", "failed mail", "user unknown", "unknown user", "unknown recipient",
    "unknown address", "host unknown", "unknown host", "mailbox full", "mailbox is full", "mailbox unavailable",
    "mailbox not found", "no such user", "no mailbox here", "no valid recipient", "no matches to nameserver",
    "final delivery userid", "does not exist", "doesn't exist", "not exist", "rejected", "refused",
    "could not send", "could not be sent", "cannot send", "not able to be delivered", "had problems", "delayed",
    "deferred", "postponed", "aborted", "undelivered", "transcript of session", "session transcript",
    "transcript of the", "your message to", "was blocked", "has been blocked", "was not sent", "not a member of",
    "not member", "over quota", "message could not", "mail could not", "notificationtype", "fail to",
    "failed after", "expired", "non-existent", "has failed", "was infected",
    # German
    "nicht zugestellt", "unzustellbar", "nicht zustellbar", "zustellung", "nicht gefunden", "konnte nicht",
    "konnten nicht", "nicht erreicht", "nicht übermittelt", "abgelehnt",
    # French
    "n'a pas pu", "n\u2019a pas pu", "n'a pu être", "non remis", "impossible de", "n'existe pas", "échec",
    "introuvable", "n'a pas été", "n\u2019a pas été", "inconnu",
    # Spanish, Portuguese
    "no se pudo", "no se ha podido", "no pudo", "no ha podido", "no se puede", "no existe", "no fue posible",
    "error al", "rechaz", "não foi possível", "não pôde", "nao foi possivel", "não entreg", "não existe",
    "não pode", "falha", "não foi entregue", "rejeitad",
    # Italian, Dutch
    "non è stato possibile", "non è stato recapit", "non è stato consegn", "non sono stati", "impossibile",
    "non consegnat", "non recapit", "inesistente", "non esiste", "non può essere", "niet bezorgd",
    "niet worden bezorgd", "niet afgeleverd", "mislukt", "onbestelbaar", "bestaat niet",
    # Polish, Czech, Hungarian, Russian, Ukrainian, Turkish, Scandinavian, Finnish
    "nie można", "nie została", "nie może", "niedostarcz", "nie istnieje", "nie powiod", "nelze", "nepodařilo",
    "nedoruč", "nem sikerült", "kézbesít", "не доставлено", "не может быть", "невозможно", "не удалось",
    "не найден", "не существует", "не было доставлено", "не вдалося", "недостав", "iletilemedi", "teslim edilemedi",
    "inte levereras", "kunde inte", "kunne ikke", "kan ikke", "ei voitu", "epäonnistui", "δεν ήταν δυνατ",
    "nu a putut",
    # Chinese, Japanese, Korean
    "无法", "無法", "退回", "退信", "失败", "失敗", "不存在", "被拒", "配信", "届けることができ",
    "届きませんでした", "送信できません", "送信に失敗", "できませんでした", "エラー", "見つかりません", "不明",
    "遅延", "전달되지", "배달되지", "배달하지", "실패", "반송", "없습니다",
    # Arabic, Hebrew, Vietnamese, Thai
    "تعذر", "لم يتم", "לא נמסר", "לא ניתן", "không thể", "ไม่สามารถ", "gick inte att", "nezdařilo", "nepodarilo",
    "nije moguće", "ni bilo mogoče", "respint",
)  # fmt: skip
CERTAIN = (
    "could not be delivered to", "couldn't be delivered to", "could not deliver", "was not delivered to",
    "unable to deliver", "did not reach the following", "delivery to the following", "failed recipient",
    "following address(es) failed", "following addresses failed", "permanent fatal errors", "has been postponed",
    "has failed due to", "recipients did not receive", "delivery has failed to", "not be delivered to one or more",
    "could not be delivered for the following", "your message wasn't delivered", "cannot be delivered to",
    "konnte nicht zugestellt werden", "n'a pas pu etre delivre", "n'a pas pu être remis", "n'a pas pu être délivré",
    "no se pudo entregar", "no se ha podido entregar", "não foi possível entregar", "não pôde ser entregue",
    "non è stato possibile recapitare", "non è stato recapitato", "nicht erreicht werden",
    "kan niet worden bezorgd", "kunne ikke leveres", "kunde inte levereras", "kon niet worden bezorgd",
    "nie można dostarczyć", "не может быть доставлено", "не удалось доставить", "配信できませんでした", "无法投递",
    "无法送达", "has not been delivered",
)  # fmt: skip
"""What stands near the top of a report, where nothing but the subject shows that a program wrote."""
SUCCEEDED = (
    "successfully delivered", "was successfully relayed", "has been delivered", "have been delivered", "(success)",
    "(relay)", "successful delivery", "succeeded for", "erfolgreich zugestellt", "a été remis", "se ha entregado",
    "foi entregue", "è stato recapitato", "is bezorgd", "zostało dostarczon", "było доставлено",
    "delivered to the following", "message was delivered", "erfolgreich weitergeleitet", "successfully relayed",
    "delivery notifications -----",
)  # fmt: skip
"""Above recipients who were reached."""
DELAYED = (
    "will be retried", "will continue", "will retry", "will keep", "is delayed", "been delayed", "delayed mail",
    "message delayed", "still being retried", "not yet been delivered", "do not need to resend", "will try again",
    "just a warning", "warning message only", "advisory-only", "been postponed", "transient non-fatal", "temporary",
    "delivery incomplete", "delivery delay", "wird weiterhin", "weitere zustellversuche", "verzögert",
    "nouvelle tentative", "a été retardé", "seguirá intentando", "continuará intentando", "se ha retrasado",
    "continuará tentando", "continuar tentando", "está atrasad", "nuovi tentativi", "in ritardo", "blijft proberen",
    "vertraagd", "będą ponawiane", "ponowne próby", "opóźnion", "продолж", "повторные попытки", "задерж", "遅延",
    "再送を試み", "延迟", "将继续", "지연",
)  # fmt: skip
BEHIND = (
    "rcpt to", "failed recipient", "final-recipient", "original-recipient", "unknown user", "unknown recipient",
    "undeliverable to", "undeliverable recipient", "invalid recipient", "user", "recipient", "recipient address",
    "recipients", "recipient(s)", "could not be delivered to", "could not deliver to", "could not deliver mail to",
    "could not deliver message to", "could not be sent to", "couldn't be delivered to", "cannot be delivered to",
    "not be delivered to", "error-for", "generated from", "originally addressed to", "final delivery userid",
    "mailbox is full", "mailbox full for", "addressed", "addressed to", "to the following address", "delivery to",
    "delivery failed to", "delivering to", "delivering your mail to", "delivering mail to", "unable to deliver",
    "unable to deliver to", "unable to deliver message to", "unable to deliver mail to",
    "unable to deliver your message to", "not able to deliver to", "able to deliver to",
    "able to deliver your message to", "your message to", "message to", "your mail to", "mail sent to", "email to",
    "failed mail to", "failed to deliver to", "quota violation for", "quota exceeded for", "mailbox for", "mailbox",
    "mailbox of", "address", "e-mail address", "email address", "email to this address", "failed address",
    "delivery failed for", "delivery failed", "delivery failed 20 attempts", "failed for", "attempts",
    "intended for", "gateway for", "postmaster cannot find", "does not contain", "no such user", "account",
    "no mailbox for", "mailing list", "the list",
    # German, French, Spanish, Portuguese, Italian, Dutch
    "empfänger", "an", "destinataire", "destinataires", "adresse", "message à", "destinatario", "dirección",
    "mensaje a", "destinatário", "endereço", "mensagem para", "para", "indirizzo", "messaggio a", "a", "à",
    "ontvanger", "aan", "adres",
    # Polish, Russian, Chinese, Japanese, Korean
    "adresat", "odbiorca", "do", "получатель", "адресат", "адресу", "адрес", "для", "收件人", "收件地址", "宛先",
    "受信者", "送信先", "あて先", "メールアドレス", "받는 사람", "수신자",
)  # fmt: skip
"""What stands directly before a failed address, within a line."""
NOT_THESE = (
    "to the address", "from", "sender", "contact", "help", "abuse", "support", "administrator", "reply-to",
    "return-path", "message-id", "questions", "assistance", "write to", "forward this", "send mail to",
    "send e-mail to", "send email to", "report this", "sent by:", "sent by <", "on behalf of", "envelope-from",
    "errors-to", "absender", "expéditeur", "remitente", "remetente", "mittente", "afzender", "nadawca",
    "отправитель", "发件人", "送信者", "差出人", "kontakt", "contactez", "unsubscribe", "mailto", "please visit",
    "such as", "e.g.",
)  # fmt: skip
"""What stands before addresses of somebody else."""
# Where the copy of the returned message begins, in reports of one single text.
COPY_BEGINS = (
    "--- below this line is a copy", "below this line is a copy of", "------ this is a copy of",
    "this is a copy of the message", "----- original message", "--- original message", "----- unsent message",
    "----- message header", "----- undelivered message", "------ message headers", "--- the message that was sent",
    "original message follows", "original message headers", "original message header", "the body of the message",
    "your message header", "--- returned message", "----- begin of original", "----------- original",
    "returned message follows", "message header follows", "message headers follow", "unsent message below",
    "--- message", "the following is the original", "copy of the original message", "----- returned message",
    "content-type: message/rfc822", "content-type: text/rfc822-headers", "--- attachment",
    "--- undeliverable message", "message contents follow", "message text follows", "original message:",
    "original message was:", "undelivered-message", "header of original", "------ returned", "--- headers of",
    "--- message content", "a copy of the original message", "a copy of your message", "the first 50 lines",
    "-- the header and top", "your original message follows", "your message reads", "the original message follows",
    "--unsent message", "--------unsent message", "-----original message", "---------- forwarded message",
    "--- original mail", "-------original mail", "start of returned message", "start of original message",
    "original mail follows", "following is the original", "message header:", "original message headers:",
    "the message headers", "text of message follows", "ursprüngliche nachricht", "original-nachricht",
    "originalnachricht", "message d'origine", "message original", "mensaje original", "mensagem original",
    "messaggio originale", "oorspronkelijk bericht", "oryginalna wiadomość", "исходное сообщение", "原始邮件",
    "元のメール", "----- 元の", "diagnoseinformationen für administratoren: original",
)  # fmt: skip
# The same told by its headers, which begin their lines.
COPY_HEADERS = ("received:", "return-path:", "message-id:")
LIST_STAFF = ("-owner", "-request", "-admin", "-bounces")
"""How the local part ends that stands for those who run a list."""
LIST_ROBOTS = ("majordomo", "listserv", "sympa", "ezmlm", "mailman", "listproc", *LIST_STAFF)
"""How the local part of a mailing list's program ends."""
NOT_A_MEMBER = (
    "you are not a member of this mailing list", "you are not member", "are not a member of the list",
    "you are not allowed to post to this mailing list", "your message has been automatically rejected",
    "you are not authorized to send mail to the", "you're not allowed to post",
    "posting to this list is restricted", "only subscribers may post", "your posting has been rejected",
    "non-members are not allowed to post", "あなたはこのメーリングリストのメンバーではありません", "投稿できません",
    "sie sind nicht berechtigt, an diese", "vous n'êtes pas autorisé à envoyer", "no está autorizado a enviar",
)  # fmt: skip
"""How it refuses a posting."""
ASKS_TO_CONFIRM = (
    "please confirm that you", "to confirm that you are", "confirm your message", "verify that you are a",
    "verify your message", "click the link below to", "click on the link below to", "click here to verify",
    "reply to this message to confirm", "reply to this email to confirm", "prove that you are",
    "challenge-response", "challenge/response", "to have your message delivered", "to complete this verification",
    "bitte bestätigen sie, dass sie", "pour confirmer que vous", "para confirmar que", "per confermare che",
    "чтобы подтвердить, что",
)  # fmt: skip
"""What asks the sender to prove that he is a person (challenge and response): the mail waits, it did not fail."""
PERSONAL = (
    " i ", " i'm ", " i\u2019m ", " my ", " me ", " hi ", " hi,", " hello", " hey ", " dear ", " fyi", " thanks",
    " regards", " ich ", " meine ", " mein ", " mir ", " hallo ", " hallo,", " guten tag", " liebe", " viele grüße",
    " danke", " je ", " j'ai ", " mon ", " bonjour", " merci", " hola", " mi ", " gracias", " olá", " meu ",
    " obrigad", " ciao", " buongiorno", " mio ", " grazie", " ik ", " mijn ", " beste ", " dzień dobry", " cześć",
    " moja ", " mój ", " привет", " добрый день", " здравствуйте", " мой ", " моё ", " спасибо", "parcel",
    "package", "shipment", "courier", "tracking", "invoice", "paket", "sendung", "colis", "paquete", "pacco",
    "pakket", "przesyłk", "посылк", "unsubscribe",
)  # fmt: skip
"""What a program that reports does not write, but people do, and companies about parcels."""
