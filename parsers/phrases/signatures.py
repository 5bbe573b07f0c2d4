"""How people end a letter, and what phones write below it for them."""

CLOSINGS = (
    "regards", "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards", "many thanks", "thanks",
    "thank you", "thanks and regards", "thanks & regards", "thanks again", "thanks in advance", "best", "best wishes", "all the best", "cheers", "sincerely",
    "yours sincerely", "sincerely yours", "yours faithfully", "yours truly", "yours", "respectfully", "cordially", "take care", "with best regards", "with kind regards", "thx", "br", "rgds", "brgds",
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit besten grüßen", "mit lieben grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße",
    "liebe grüße", "beste grüße", "schöne grüße", "herzliche grüße", "gruß", "grüße", "lg", "mfg", "vg", "hochachtungsvoll", "danke", "vielen dank", "beste grüsse", "viele grüsse", "liebe grüsse",
    "saludos", "un saludo", "saludos cordiales", "cordiales saludos", "atentamente", "atentos saludos", "muchas gracias", "gracias", "un abrazo", "saluda atentamente", "un cordial saludo", "cordialmente",
    "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "obrigado", "obrigada", "abraços", "abs", "att", "um abraço", "grato", "muito obrigado",
    "cordialement", "bien cordialement", "bien à vous", "salutations", "sincères salutations", "merci", "merci d'avance", "très cordialement", "meilleures salutations", "cdlt", "amicalement", "bonne journée", "bonne réception", "respectueusement",
    "cordiali saluti", "distinti saluti", "saluti", "grazie", "un saluto", "un cordiale saluto", "a presto", "buona giornata", "grazie mille", "cordialmente", "grazie e saluti", "buon lavoro",
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groeten", "groet", "mvg", "bedankt", "alvast bedankt", "dank je wel", "hartelijke groet", "hoogachtend",
    "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "pozdrowienia", "serdecznie pozdrawiam", "dziękuję", "z pozdrowieniami", "pozdrawiam serdecznie", "łączę pozdrowienia", "dzięki",
    "с уважением", "с наилучшими пожеланиями", "спасибо", "всего доброго", "всего хорошего", "благодарю", "заранее спасибо", "хорошего дня", "з повагою", "дякую", "с наилучшими", "искренне ваш",
    "med vänliga hälsningar", "vänliga hälsningar", "med vänlig hälsning", "mvh", "hälsningar", "tack", "vänligen", "med venlig hilsen", "venlig hilsen", "venlige hilsner", "med vennlig hilsen", "vennlig hilsen", "hilsen", "mange tak", "tak", "takk",
    "terveisin", "ystävällisin terveisin", "parhain terveisin", "kiitos", "yt", "s pozdravem", "děkuji", "s přáním hezkého dne", "s úctou", "s pozdravom", "ďakujem", "lp", "srdačan pozdrav", "lijep pozdrav",
    "üdvözlettel", "tisztelettel", "köszönöm", "saygılarımla", "iyi çalışmalar", "teşekkürler", "saygılar", "cu stimă", "cu respect", "mulțumesc", "toate cele bune", "με εκτίμηση", "φιλικά", "ευχαριστώ",
    "此致", "祝好", "谢谢", "順頌商祺", "よろしくお願いいたします", "よろしくお願いします", "以上", "감사합니다", "שלום", "בברכה", "תודה", "مع التحية", "شكرا", "تحياتي", "trân trọng", "salam", "hormat saya",
)  # fmt: skip
SENT_FROM = (
    "sent from", "sent with", "sent via", "sent by", "sent using", "get outlook for", "gesendet von", "gesendet mit", "von meinem", "diese nachricht wurde von meinem", "von meinem iphone gesendet", "outlook für",
    "enviado desde", "enviado do", "enviado de", "enviado pelo", "enviado a partir", "enviado via", "obtener outlook para", "obter o outlook para", "obtenha o outlook para",
    "envoyé de mon", "envoyé depuis", "envoyé à partir", "télécharger outlook pour", "obtenir outlook pour", "envoyé avec", "inviato da", "inviato dal", "ottieni outlook per", "scarica outlook per",
    "verzonden vanaf", "verstuurd vanaf", "verzonden met", "verzonden via", "outlook voor", "download outlook voor", "wysłane z", "wysłano z", "pobierz outlook", "отправлено с", "отправлено из", "получить outlook для", "надіслано з", "відправлено з",
    "skickat från", "sendt fra", "lähetetty", "hämta outlook för", "hent outlook til", "skaffa outlook för", "odesláno z", "odoslané z", "iphone'umdan gönderildi", "trimis de pe", "trimis din", "poslano s", "poslano z",
    "发自我的", "从我的", "發自我的", "傳送自我的", "iphoneから送信", "나의 iphone에서 보냄", "내 iphone에서 보냄", "תן לי מה", "נשלח מה", "أرسلت من", "مرسل من", "iphone'umdan", "στάλθηκε από", "elküldve", "az iphone-omról küldve",
)  # fmt: skip
