"""Contact cards out of signatures: more styles, and what stands beside a position or a number in real ones."""

import pytest

from parsers.contact_card import contact_of
from parsers.model import Address, Kind
from unit.parsers.contact_card.reading import card

# What it shows: name and address of From, the signature, the card.
CASES = {
    "german, a practice": (
        "Sabine Vogt", "vogt@praxis-vogt.de",
        "Mit freundlichen Grüßen\n\nSabine Vogt\nFachärztin für Innere Medizin\nPraxis Dr. Vogt\n"
        "Am Marktplatz 3\n72070 Tübingen\nTelefon: 07071/55501-0\nTelefax: 07071/55501-99\n"
        "E-Mail: vogt@praxis-vogt.de\nInternet: www.praxis-vogt.de",
        card("Sabine Vogt", "Fachärztin für Innere Medizin", "Praxis Dr. Vogt", ("07071/55501-0",),
             ("https://www.praxis-vogt.de",), "Am Marktplatz 3, 72070 Tübingen", ("vogt@praxis-vogt.de",)),
    ),
    "german, middle dots": (
        "Thomas Klein", "t.klein@kleinbau.de",
        "Freundliche Grüße aus Köln\nThomas Klein – Bauleiter\n"
        "Klein Bau GmbH · Ringstr. 5 · 50667 Köln\nTel 0221 5550-123 · Mobil 0171 555 0 123",
        card("Thomas Klein", "Bauleiter", "Klein Bau GmbH", ("0221 5550-123", "0171 555 0 123"), (),
             "Ringstr. 5, 50667 Köln"),
    ),
    "american, a licence": (
        "Karen White", "karen@homes.com",
        "Karen White, REALTOR®\nLicense #01234567\nSunset Homes Realty, LLC\nc: 310-555-0147\n"
        "o: 310-555-0100 ext 4\nwww.sunsethomes.com",
        card("Karen White", "", "Sunset Homes Realty, LLC", ("310-555-0147", "310-555-0100 ext 4"),
             ("https://www.sunsethomes.com",)),
    ),
    "american, own domain in plain": (
        "Mike Chen", "mchen@fastcloud.io",
        "Mike Chen\nSr. Solutions Architect | FastCloud\n+1.206.555.0123 | fastcloud.io\n"
        "Book a meeting: https://calendly.com/mchen",
        card("Mike Chen", "Sr. Solutions Architect", "FastCloud", ("+1.206.555.0123",),
             ("https://fastcloud.io",)),
    ),
    "british, on behalf of": (
        "Rebecca Shaw", "rshaw@shawlegal.co.uk",
        "Kind regards\nRebecca Shaw | Trainee Solicitor\nFor and on behalf of Shaw Legal Limited\n"
        "DD: 0161 555 0123 | Switchboard: 0161 555 0100\n4 King Street, Manchester, M2 6AA",
        card("Rebecca Shaw", "Trainee Solicitor", "Shaw Legal Limited", ("0161 555 0123", "0161 555 0100"), (),
             "4 King Street, Manchester, M2 6AA"),
    ),
    "british, the charity of the domain": (
        "Tom", "tom@greenleaf.org.uk",
        "Many thanks,\nTom\n\nTom Barker\nCampaigns Officer\nGreenleaf\n07700 900456",
        card("Tom Barker", "Campaigns Officer", "Greenleaf", ("07700 900456",)),
    ),
    "french, street and place by a dash": (
        "Pierre Dubois", "p.dubois@atelier-dubois.fr",
        "Bien cordialement,\nPierre Dubois\nGérant\nAtelier Dubois\n06.55.50.10.20\n"
        "3 bis avenue Victor Hugo - 69002 Lyon",
        card("Pierre Dubois", "Gérant", "Atelier Dubois", ("06.55.50.10.20",), (),
             "3 bis avenue Victor Hugo, 69002 Lyon"),
    ),
    "french, a town hall": (
        "Claire BERNARD", "claire.bernard@mairie-exemple.fr",
        "Claire BERNARD\nResponsable du service urbanisme\nMairie d'Exemple\n"
        "Standard : 04 55 50 10 00 / Ligne directe : 04 55 50 10 12",
        card("Claire BERNARD", "Responsable du service urbanisme", "Mairie d'Exemple",
             ("04 55 50 10 00", "04 55 50 10 12")),
    ),
    "spanish, department": (
        "Carmen Ruiz", "cruiz@bodegasruiz.es",
        "Atentamente,\nCarmen Ruiz Ortega\nDpto. de Exportación\nBodegas Ruiz, S.A.\n"
        "Tfno: 941 55 50 10 | Fax: 941 55 50 11\nAvda. de la Paz, 45 - 26004 Logroño (La Rioja)",
        card("Carmen Ruiz Ortega", "", "Bodegas Ruiz, S.A.", ("941 55 50 10",), (),
             "Avda. de la Paz, 45, 26004 Logroño (La Rioja)"),
    ),
    "portuguese, engineer": (
        "Rui Costa", "rui.costa@obras.pt",
        "Com os melhores cumprimentos,\n\nRui Costa\nEngenheiro Civil\nObras & Filhos, S.A.\n"
        "Tel: +351 21 555 01 00\nTlm: +351 91 555 01 00",
        card("Rui Costa", "Engenheiro Civil", "Obras & Filhos, S.A.",
             ("+351 21 555 01 00", "+351 91 555 01 00")),
    ),
    "italian, two dashes": (
        "Marco Bianchi", "m.bianchi@officinebianchi.it",
        "Distinti saluti\ndott. Marco Bianchi\nUfficio Acquisti\nOfficine Bianchi S.p.A.\n"
        "Viale dell'Industria 12 – 37135 Verona (VR)\nTel. +39 045 5550100 – int. 21\n"
        "Mob. +39 347 5550100",
        card("dott. Marco Bianchi", "", "Officine Bianchi S.p.A.", ("+39 045 5550100", "+39 347 5550100"), (),
             "Viale dell'Industria 12, 37135 Verona (VR)"),
    ),
    "dutch, small letters": (
        "Sanne Bakker", "sanne@bakkerontwerp.nl",
        "Groet,\nSanne Bakker\ngrafisch ontwerper\nBakker Ontwerp\n06 - 55 50 10 20",
        card("Sanne Bakker", "grafisch ontwerper", "Bakker Ontwerp", ("06 - 55 50 10 20",)),
    ),
    "polish, department": (
        "Anna Kowalska", "a.kowalska@drukarnia-kowalska.pl",
        "Pozdrawiam serdecznie\nAnna Kowalska\nDział Obsługi Klienta\nDrukarnia Kowalska\n"
        "tel.: (61) 855 50 10\nkom.: 605 550 100\nwww.drukarnia-kowalska.pl\n"
        "ul. Poznańska 5, 62-020 Swarzędz",
        card("Anna Kowalska", "", "Drukarnia Kowalska", ("(61) 855 50 10", "605 550 100"),
             ("https://www.drukarnia-kowalska.pl",), "ul. Poznańska 5, 62-020 Swarzędz"),
    ),
    "polish and english": (
        "Kowalski Piotr", "piotr.kowalski@abc.com.pl",
        "--\nZ poważaniem / Best regards\n\nPiotr Kowalski\nDyrektor Handlowy / Sales Director\n\n"
        "ABC Sp. z o.o. Sp. k.\n"
        "T: +48 12 555 01 00 | M: +48 605 550 101 | E: piotr.kowalski@abc.com.pl",
        card("Piotr Kowalski", "Dyrektor Handlowy", "ABC Sp. z o.o. Sp. k.",
             ("+48 12 555 01 00", "+48 605 550 101"), (), "", ("piotr.kowalski@abc.com.pl",)),
    ),
    "russian, closing and name in one line": (
        "Сергей Иванов", "s.ivanov@stroymir.ru",
        "С уважением, Сергей Иванов\nНачальник отдела закупок\nГК «Строймир»\n"
        "+7 (812) 555-01-00 (доб. 205)\n+7 921 555-01-00 (WhatsApp, Telegram)",
        card("Сергей Иванов", "Начальник отдела закупок", "",
             ("+7 (812) 555-01-00 (доб. 205)", "+7 921 555-01-00")),
    ),
    "czech, factory": (
        "Tomáš Dvořák", "dvorak@strojirny.cz",
        "S přáním hezkého dne\n\nTomáš Dvořák\nvedoucí výroby\n\nStrojírny Dvořák a.s.\nPrůmyslová 1234/5\n"
        "586 01 Jihlava\nM +420 605 550 100",
        card("Tomáš Dvořák", "vedoucí výroby", "Strojírny Dvořák a.s.", ("+420 605 550 100",), (),
             "Průmyslová 1234/5, 586 01 Jihlava"),
    ),
    "swedish, two positions": (
        "Lisa Berg", "lisa.berg@berglaw.se",
        "Vänliga hälsningar / Best regards\nLisa Berg\nAdvokat / Partner\nBerg Advokatbyrå AB\n"
        "Direkt: +46 8 555 010 00\nBox 123, 111 21 Stockholm",
        card("Lisa Berg", "Advokat", "Berg Advokatbyrå AB", ("+46 8 555 010 00",)),
    ),
    "danish, closing without comma": (
        "Lars Holm", "lh@holmtryk.dk",
        "Mvh Lars Holm\nIndehaver\nHolm Tryk ApS\nIndustrivej 4\n8600 Silkeborg\nTelefon: 8655 5010",
        card("Lars Holm", "Indehaver", "Holm Tryk ApS", ("8655 5010",), (), "Industrivej 4, 8600 Silkeborg"),
    ),
    "finnish, position and company": (
        "Liisa Korhonen", "liisa.korhonen@metsapalvelu.fi",
        "Terveisin,\nLiisa Korhonen\nMyyntipäällikkö, Metsäpalvelu Oy\n+358 40 555 0100",
        card("Liisa Korhonen", "Myyntipäällikkö", "Metsäpalvelu Oy", ("+358 40 555 0100",)),
    ),
    "turkish, long legal form": (
        "Mehmet Demir", "mehmet@demirinsaat.com.tr",
        "Saygılarımla\n\nMehmet Demir\nGenel Müdür\nDemir İnşaat San. ve Tic. Ltd. Şti.\n"
        "Atatürk Cad. No: 15 34000 İstanbul\nT: +90 212 555 01 00\nF: +90 212 555 01 01",
        card("Mehmet Demir", "Genel Müdür", "Demir İnşaat San. ve Tic. Ltd. Şti.", ("+90 212 555 01 00",)),
    ),
    "japanese, reading behind the name": (
        "佐藤 花子", "sato@sakura.co.jp",
        "よろしくお願いいたします。\n\n--------------------------------\n佐藤 花子（サトウ ハナコ）\n"
        "株式会社さくら 人事部\n〒530-0001 大阪府大阪市北区梅田1-2-3 さくらビル5F\n"
        "TEL 06-5550-1000 FAX 06-5550-1001\nE-mail：sato@sakura.co.jp\n--------------------------------",
        card("佐藤 花子", "", "株式会社さくら 人事部", ("06-5550-1000",), (),
             "〒530-0001 大阪府大阪市北区梅田1-2-3 さくらビル5F", ("sato@sakura.co.jp",)),
    ),
    "chinese, extension by a dash": (
        "李强", "liqiang@huaxin.com.cn",
        "李强\n技术总监\n深圳华新电子有限公司\nMobile: +86 138 5550 1000\nTel: 0755-5550 1000-801\n"
        "深圳市南山区科技园南路12号3楼",
        card("李强", "技术总监", "深圳华新电子有限公司", ("+86 138 5550 1000", "0755-5550 1000-801"), (),
             "深圳市南山区科技园南路12号3楼"),
    ),
    "korean, position behind the company": (
        "이지은", "jieun@hanbit.co.kr",
        "이지은 드림\n(주)한빛소프트 | 마케팅팀 팀장\n휴대폰: 010-5550-1000\n"
        "서울특별시 강남구 테헤란로 123, 5층",
        card("이지은", "마케팅팀 팀장", "(주)한빛소프트", ("010-5550-1000",), (),
             "서울특별시 강남구 테헤란로 123, 5층"),
    ),
    "hebrew, quotes inside words": (
        "יוסי לוי", "yossi@levitech.co.il",
        'תודה,\nיוסי לוי | סמנכ"ל פיתוח\nלוי טכנולוגיות בע"מ | 052-555-0100',
        card("יוסי לוי", 'סמנכ"ל פיתוח', 'לוי טכנולוגיות בע"מ', ("052-555-0100",)),
    ),
    "arabic, engineer": (
        "محمد علي", "mali@bunyan.ae",
        "تحياتي\nمحمد علي\nمهندس مدني\nشركة البنيان للمقاولات\nجوال: 0501234567",
        card("محمد علي", "مهندس مدني", "شركة البنيان للمقاولات", ("0501234567",)),
    ),
    "greek firm in english": (
        "Maria Georgiou", "mgeorgiou@aegean-tours.gr",
        "Maria Georgiou\nReservations Manager\nAegean Tours\nT. +30 210 555 0100 | M. +30 697 555 0100\n"
        "Instagram | Facebook",
        card("Maria Georgiou", "Reservations Manager", "Aegean Tours",
             ("+30 210 555 0100", "+30 697 555 0100")),
    ),
    "romanian, department head": (
        "Andrei Ionescu", "andrei.ionescu@softlab.ro",
        "Cu respect,\nIng. Andrei Ionescu\nȘef departament IT\nSC Softlab SRL\n0722 555 010",
        card("Ing. Andrei Ionescu", "Șef departament IT", "SC Softlab SRL", ("0722 555 010",)),
    ),
    "hungarian, place first": (
        "Nagy Péter", "nagy.peter@gepgyar.hu",
        "Üdvözlettel:\nNagy Péter\nügyvezető igazgató\nGépgyár Zrt.\n1117 Budapest, Fehérvári út 12.\n"
        "Tel.: +36 1 555 0100",
        card("Nagy Péter", "ügyvezető igazgató", "Gépgyár Zrt.", ("+36 1 555 0100",), (),
             "1117 Budapest, Fehérvári út 12."),
    ),
    "vietnamese, capitals": (
        "Trần Thị Mai", "mai.tran@sachviet.vn",
        "Trân trọng,\nTrần Thị Mai (Ms.)\nNhân viên kinh doanh\nCÔNG TY CỔ PHẦN SÁCH VIỆT\n"
        "Mobile: 0905 550 100",
        card("Trần Thị Mai", "Nhân viên kinh doanh", "CÔNG TY CỔ PHẦN SÁCH VIỆT", ("0905 550 100",)),
    ),
    "indian, extension": (
        "Rahul Mehta", "rahul.mehta@indsoft.in",
        "Warm Regards,\nRahul Mehta\nSr. Executive - Business Development\nIndsoft Technologies Pvt Ltd\n"
        "M : +91-98200-55501 | T : 022-5550-1000 Extn: 214\n"
        "Plot No. 12, MIDC, Andheri East, Mumbai - 400093",
        card("Rahul Mehta", "Sr. Executive - Business Development", "Indsoft Technologies Pvt Ltd",
             ("+91-98200-55501", "022-5550-1000 Extn: 214")),
    ),
    "brazilian, place in parts": (
        "Fernanda Lima", "fernanda@limaadvogados.com.br",
        "Atenciosamente,\n\nFernanda Lima\nAdvogada | OAB/SP 123.456\nLima Advogados Associados\n"
        "Av. Paulista, 1000 - 5º andar - Bela Vista\nSão Paulo/SP - CEP 01310-100\n"
        "Tel.: +55 11 5555-0100",
        card("Fernanda Lima", "Advogada", "Lima Advogados Associados", ("+55 11 5555-0100",)),
    ),
    "a professor": (
        "Helen Park", "h.park@cs.example.edu",
        "Helen Park, Ph.D.\nAssociate Professor\nDepartment of Computer Science\n"
        "Example State University\nhttps://cs.example.edu/~hpark",
        card("Helen Park, Ph.D.", "Associate Professor", "Example State University", (),
             ("https://cs.example.edu/~hpark",)),
    ),
    "a programmer": (
        "Jon Doe", "jon@kernel.example",
        "-- \nJon Doe <jon@kernel.example>\nhttps://jondoe.example/\n"
        "PGP: 0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567",
        card("Jon Doe", links=("https://jondoe.example/",), emails=("jon@kernel.example",)),
    ),
    "pictures for labels": (
        "Nina Roy", "nina@studio-roy.be",
        "Nina Roy\n📞 +32 475 55 01 00\n🌐 www.studio-roy.be\n📍 Rue Haute 10, 1000 Bruxelles",
        card("Nina Roy", "", "", ("+32 475 55 01 00",), ("https://www.studio-roy.be",),
             "Rue Haute 10, 1000 Bruxelles"),
    ),
    "two columns": (
        "Paul Weiss", "paul.weiss@weisstec.ch",
        "Paul Weiss      Weisstec AG\nVerkaufsleiter      Industriestrasse 7\n"
        "Tel +41 44 555 01 00      8304 Wallisellen",
        card("Paul Weiss", "Verkaufsleiter", "Weisstec AG", ("+41 44 555 01 00",), (),
             "Industriestrasse 7, 8304 Wallisellen"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_signatures(name):
    author, address, signature, expected = CASES[name]

    assert contact_of(Kind.NORMAL, signature, Address(author, address)) == expected
