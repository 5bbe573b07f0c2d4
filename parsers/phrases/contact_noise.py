"""Lines of signatures that tell nothing about their author: disclaimers, registers, adverts, and labels
without a value."""

DISCLAIMERS = (
    "ps:", "p.s.", "ps ", "pps", "p.s:", "zał.", "enc:", "encl", "confidential", "disclaimer", "this e-mail",
    "this email", "this message", "the information contained",
    "the information in this", "the contents of this", "if you are not", "if you have received", "privileged",
    "please consider", "think before you print", "think before printing", "save paper", "save a tree",
    "before printing", "legal notice", "notice:", "caution", "warning", "virus-free", "virus free", "scanned by",
    "checked by", "this email has been", "to unsubscribe", "unsubscribe", "you received this", "you are receiving",
    "diese e-mail", "diese email", "diese nachricht", "der inhalt dieser", "vertraulich", "hinweis",
    "haftungsausschluss", "bitte denken sie", "bitte prüfen sie", "informationen zum datenschutz", "datenschutz",
    "ce message", "ce courriel", "ce mail", "cet e-mail", "avis de", "pensez à", "pensez a", "merci de penser",
    "avant d'imprimer", "este mensaje", "este correo", "este e-mail", "esta mensagem", "esta mensaje", "aviso",
    "antes de imprimir", "confidencial", "questo messaggio", "questa e-mail", "questa mail", "il presente",
    "le informazioni", "avvertenza", "prima di stampare", "ai sensi", "dit bericht", "deze e-mail", "deze mail",
    "de informatie", "denk aan het milieu", "niniejsza", "niniejszy", "ta wiadomość", "treść tej", "wiadomość ta",
    "pomyśl", "zanim wydrukujesz", "administratorem", "informacje zawarte", "это сообщение", "данное сообщение",
    "данное письмо", "настоящее", "конфиденциально", "це повідомлення", "цей лист", "tato zpráva", "tento e-mail",
    "táto správa", "obsah tohoto", "bu e-posta", "bu mesaj", "bu elektronik", "detta meddelande", "detta e-post",
    "denne e-mail", "denne mail", "denne e-post", "denne meddelelse", "tämä viesti", "tämä sähköposti",
    "ez az üzenet", "ez az e-mail", "acest mesaj", "acest e-mail", "ovaj e-mail", "ova poruka", "ова порука",
    "το παρόν", "αυτό το", "هذه الرسالة", "הודעה זו", "本邮件", "此邮件", "本郵件", "このメール", "本メール",
    "이 메일", "본 메일",
    "email này",
)  # fmt: skip
"""At the start of a line; nothing below it is read."""

NOISE = (
    "geschäftsführer:", "geschäftsführerin:", "geschäftsführung:", "geschäftsführer ", "vorstand:", "aufsichtsrat",
    "vorsitzender des", "amtsgericht", "registergericht", "handelsregister", "sitz der", "sitz:", "hrb", "hra",
    "ust-id", "ust.-id", "ustid", "steuernummer", "managing director:", "managing directors:", "directors:",
    "registered", "company no", "company number", "vat", "nip", "regon", "krs", "sąd rejonowy", "kapitał", "zarząd",
    "rcs", "siret", "siren", "tva", "capital social", "sas au capital", "p.iva", "p. iva", "c.f.", "cap. soc",
    "capitale sociale", "rea ", "cif", "nif", "cnpj", "kvk", "btw", "cvr", "org.nr", "org. nr", "y-tunnus", "ič",
    "dič", "ico:", "zapsan", "spisová", "адрес регистрации", "инн", "огрн", "кпп", "єдрпоу", "iban", "bic", "konto",
    "bank", "swift", "ticaret sicil", "mersis", "follow us", "folgen sie", "suivez", "síguenos", "síganos",
    "siga-nos", "seguici", "volg ons", "visit ", "besuchen sie", "book a", "schedule a", "sent from", "sent via",
    "sent with", "gesendet", "envoyé", "enviado", "inviato", "verzonden", "wysłan", "отправлено", "надіслано",
    "get outlook", "download", "join us", "check out", "read our", "new:", "[cid:", "[image", "[logo",
    "mailing list", "fingerprint", "pgp", "gpg", "public key", "working hours", "office hours", "opening hours",
    "öffnungszeiten", "arbeitszeiten", "godziny", "horaires", "horario",
)  # fmt: skip
"""At the start of a line that is passed over."""

_BARE_LABELS = """
    e email e-mail mail e-mail: email: w web website webseite homepage internet www site url web: website: linkedin
    twitter x facebook instagram youtube xing github tiktok pinterest threads skype blog vcard vcf адрес сайт почта
    эл.почта сайт: e: w: web. strona sito sítio página correo poczta adres address anschrift adresse 邮箱
    电子邮件 郵箱 網址
    网址 网站 网站: メール url: 이메일 홈페이지 אתר מייל الموقع البريد καλέστε ιστοσελίδα logo image
"""
BARE_LABELS = frozenset(_BARE_LABELS.split())
NO_PAGES = (
    "unsubscribe", "list-manage", "click.", "/click", "/track", "tracking", "ct.sendgrid", "/ls/click",
    "mandrillapp", "hubspotlinks", "mailtrack", "aka.ms", "avast.com", "avg.com", "bitdefender", "goo.gl/maps",
    "maps.app.goo.gl", "google.com/maps", "maps.google", "/privacy", "datenschutz", "/impressum", "/legal",
    "/disclaimer", "/terms", "/agb", "/mentions-legales", "cookie", "mail.yahoo", "overview.mail.yahoo",
    "go.onelink.me", "protonmail.com", "proton.me", "wisestamp", "newoldstamp", "htmlsig", "exclaimer",
    "doubleclick", "t.yesware", "bit.ly", "/beacon", "/open?", "viewinbrowser", "view-in-browser", "list.", "lists.",
    "/mailman", "groups.google", "antivirus", "apps.apple.com", "itunes.apple.com", "play.google.com",
)  # fmt: skip
"""Anywhere in a link that is no page about the author."""

SOCIAL_SITES = (
    "linkedin.com", "twitter.com", "x.com", "facebook.com", "instagram.com", "xing.com", "github.com", "youtube.com",
    "t.me", "wa.me", "vk.com", "calendly.com", "mastodon.social", "bsky.app", "behance.net", "dribbble.com",
    "gitlab.com", "medium.com", "orcid.org",
)  # fmt: skip
"""Recognised without `www.` or `https://` before them."""
LIST_FOOTS = (
    "mailing list", "unsubscri", "(un)subscri", "un-subscri", "subscription", "sponsored by", "list maintainer", "listinfo",
    "for more options, visit", "google groups", "abmelden", "désinscri", "odsubskryb", "odhlásit", "отписаться",
)  # fmt: skip
"""In the lines that lists and senders append; nothing from there on is the author's."""

_PROSE = """
    thus spake quoth said says that this if because when where who what how why every never always nothing there it's
    don't trademark copyright ©
    i i'm i'll my me our you your yours him she her they them was were will would could should have has had does
    did call called saw thanks thank please about yesterday tomorrow today let know want ich mich mein meine wir
    uns unser ihnen euch bitte ist sind war haben habe je j'ai moi nous notre vous votre sont yo nos nosotros
    usted ustedes por favor eu meu minha você vocês são mio mia noi voi è sono ik mijn wij jij jullie jest są
    mam mój moja proszę я мы мой моя вы ваш ваша пожалуйста we're are we
"""
PROSE = frozenset(_PROSE.split())
"""Words of sentences: a line with one of them is no position and no company."""

ON_BEHALF = (
    "for and on behalf of ",
    "on behalf of ",
    "im auftrag der ",
    "im auftrag von ",
    "pour ",
    "für die ",
    "w imieniu ",
)
"""Before the company in whose name somebody signs."""
