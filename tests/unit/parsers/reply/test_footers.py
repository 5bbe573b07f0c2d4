"""What companies, virus scanners and lists add below a letter, by language."""

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

FOOTERS = """
English|CONFIDENTIALITY NOTICE: This e-mail and any attachments are for the intended recipient only.
English|This email and any files transmitted with it are confidential and intended solely for the addressee.
English|The information contained in this message is confidential and may be legally privileged.
English|DISCLAIMER: The views expressed here are those of the author.
English|This message is intended only for the use of the person to whom it is addressed.
English|Please consider the environment before printing this e-mail.
English|This email has been checked for viruses by Avast antivirus software.
English|Virus-free. www.avast.com <https://www.avast.com/sig-email>
English|If you are not the intended recipient, please delete this message and tell the sender.
German|Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen.
German|Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.
German|Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken.
French|Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention de ses destinataires.
French|Pensez à l'environnement avant d'imprimer ce message.
French|L'absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus Avast.
Spanish|Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos a su destinatario.
Spanish|AVISO LEGAL: Este mensaje contiene información confidencial.
Portuguese|Esta mensagem é confidencial e destina-se apenas ao seu destinatário.
Italian|Le informazioni contenute in questo messaggio sono riservate e destinate al solo destinatario.
Dutch|De informatie in dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.
Polish|Niniejsza wiadomość zawiera informacje poufne i jest przeznaczona wyłącznie dla adresata.
Russian|Настоящее сообщение содержит конфиденциальную информацию и предназначено только адресату.
Swedish|Detta meddelande är konfidentiellt och endast avsett för adressaten.
Danish|Denne e-mail er fortrolig og kun beregnet til modtageren.
Czech|Tato zpráva je důvěrná a je určena pouze jejímu adresátovi.
"""


def _rows(table: str) -> list[str]:
    return [row.partition("|")[2] for row in table.strip().split("\n")]


@pytest.mark.parametrize("footer", _rows(FOOTERS))
def test_a_disclaimer_is_no_text(footer):
    for above in ("", "Kind regards,\nAnna\n\n", "--\nAnna\n\n"):
        for rule in ("", "________________________________\n", "***\n"):
            reply = reply_of(lines_of(f"Here it is.\n\n{above}{rule}{footer}\nMore of the same.\n"), None)

            assert reply.text == "Here it is."
            assert reply.signature.endswith(f"{footer}\nMore of the same.")


@pytest.mark.parametrize("footer", _rows(FOOTERS))
def test_a_disclaimer_below_the_quote_is_no_answer(footer):
    reply = reply_of(lines_of(f"Here it is.\n\nOn 2/3/2026 11:00, Anna wrote:\n> Price?\n\n{footer}\n"), None)

    assert (reply.text, reply.signature) == ("Here it is.", footer)


@pytest.mark.parametrize(
    "text",
    [
        "Is the offer confidential? I tell it to nobody.",
        "The virus is still on my computer.\nCan you help?",
        "Our legal department asks for the contract.\nIt is intended for Bob.",
        "This message is for Bob: please call me.",
        "I want to unsubscribe.\nPlease tell me how.",
    ],
)
def test_who_writes_about_such_things_adds_none(text):
    reply = reply_of(lines_of(text), None)

    assert (reply.text, reply.signature) == (text, "")
