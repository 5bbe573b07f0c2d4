"""Contact cards out of signatures in the languages of our users."""

import pytest

from parsers.contact_card import contact_of
from parsers.model import Address, Kind
from unit.parsers.contact_card.reading import card

# What it shows: name and address of From, the signature, the card.
CASES = {
    "german, with the register": (
        "Jürgen Müller", "j.mueller@muster.example",
        "Mit freundlichen Grüßen\n\ni. A. Jürgen Müller\nVertriebsleiter\n\nMuster GmbH & Co. KG\n"
        "Hauptstraße 12a\n10115 Berlin\nTel.: +49 (0)30 123456-12\nFax: +49 (0)30 123456-99\n"
        "Mobil: 0170 1234567\nj.mueller@muster.example\nwww.muster.example\n\n"
        "Geschäftsführer: Max Muster, Erika Muster\nAmtsgericht Berlin HRB 123456\n"
        "USt-IdNr.: DE123456789",
        card("Jürgen Müller", "Vertriebsleiter", "Muster GmbH & Co. KG",
             ("+49 (0)30 123456-12", "0170 1234567"), ("https://www.muster.example",),
             "Hauptstraße 12a, 10115 Berlin", ("j.mueller@muster.example",)),
    ),
    "german, in one line": (
        "Jürgen Müller", "jm@muster.example",
        "Viele Grüße\nJürgen Müller\n"
        "Muster AG | Lindenallee 5 | D-80331 München | Fon 089 1234567 | Fax 089 1234568",
        card("Jürgen Müller", "", "Muster AG", ("089 1234567",), (), "Lindenallee 5, D-80331 München"),
    ),
    "german, name without umlauts in from": (
        "Juergen Mueller", "jm@muster.example",
        "Gruß\nJürgen Müller\nGeschäftsführer",
        card("Jürgen Müller", "Geschäftsführer"),
    ),
    "austrian": (
        "Eva Huber", "eva@alpen.example",
        "LG\nMag. Eva Huber\nLeiterin Marketing\nAlpen Reisen GmbH\nRingstraße 3/2\n1010 Wien\n"
        "M: +43 664 1234567",
        card("Mag. Eva Huber", "Leiterin Marketing", "Alpen Reisen GmbH", ("+43 664 1234567",), (),
             "Ringstraße 3/2, 1010 Wien"),
    ),
    "swiss": (
        "Urs Meier", "urs@berg.example",
        "Freundliche Grüsse\nUrs Meier\nProjektleiter\nBerg Technik AG\nBahnhofstrasse 10\n8001 Zürich\n"
        "Tel. 044 555 01 00",
        card("Urs Meier", "Projektleiter", "Berg Technik AG", ("044 555 01 00",), (),
             "Bahnhofstrasse 10, 8001 Zürich"),
    ),
    "spanish": (
        "María López", "maria@ejemplo.example",
        "Un saludo,\n\nMaría López García\nDirectora Comercial\nEjemplo Soluciones, S.L.\nC/ Mayor, 15\n"
        "28013 Madrid\nTel.: 91 555 01 00\nMóvil: 600 555 010\nwww.ejemplo.example",
        card("María López García", "Directora Comercial", "Ejemplo Soluciones, S.L.",
             ("91 555 01 00", "600 555 010"), ("https://www.ejemplo.example",), "C/ Mayor, 15, 28013 Madrid"),
    ),
    "mexican": (
        "Luis Pérez", "luis@norte.example",
        "Saludos\nLuis Pérez\nGerente de Ventas\nGrupo Norte S.A. de C.V.\nCel. +52 55 5555 0100",
        card("Luis Pérez", "Gerente de Ventas", "Grupo Norte S.A. de C.V.", ("+52 55 5555 0100",)),
    ),
    "portuguese": (
        "João Silva", "joao@exemplo.example",
        "Cumprimentos,\nJoão Silva\nDiretor Financeiro\nExemplo, Lda.\nTelemóvel: 910 000 100\n"
        "Rua Augusta 20, 1100-053 Lisboa",
        card("João Silva", "Diretor Financeiro", "Exemplo, Lda.", ("910 000 100",), (),
             "Rua Augusta 20, 1100-053 Lisboa"),
    ),
    "brazilian": (
        "Ana Souza", "ana@loja.example",
        "Att,\nAna Souza\nGerente Comercial\nLoja Azul Ltda.\n(11) 95555-0100\nCNPJ: 12.345.678/0001-90",
        card("Ana Souza", "Gerente Comercial", "Loja Azul Ltda.", ("(11) 95555-0100",)),
    ),
    "polish": (
        "Łucja Żak", "lucja@przyklad.example",
        "Z poważaniem\n\nŁucja Żak\nSpecjalista ds. sprzedaży\nPrzykład Sp. z o.o.\nul. Prosta 12/3\n"
        "00-850 Warszawa\ntel. 22 555 01 00 wew. 12\ntel. kom. +48 600 555 010\nNIP: 123-456-78-90\n"
        "KRS 0000123456",
        card("Łucja Żak", "Specjalista ds. sprzedaży", "Przykład Sp. z o.o.",
             ("22 555 01 00 wew. 12", "+48 600 555 010"), (), "ul. Prosta 12/3, 00-850 Warszawa"),
    ),
    "polish, manager in one line": (
        "Jan Nowak", "jan@firma.example",
        "Pozdrawiam,\nJan Nowak\nKierownik projektu | Firma S.A. | +48 600 555 011",
        card("Jan Nowak", "Kierownik projektu", "Firma S.A.", ("+48 600 555 011",)),
    ),
    "french": (
        "Élise Martin", "elise@exemple.example",
        "Cordialement,\n\nÉlise MARTIN\nDirectrice des ventes\nExemple SARL\n12, rue de la Paix\n"
        "75002 Paris\nTél. : 01 55 55 01 00\nPort. : 06 55 55 01 00\nhttps://www.exemple.example",
        card("Élise MARTIN", "Directrice des ventes", "Exemple SARL", ("01 55 55 01 00", "06 55 55 01 00"),
             ("https://www.exemple.example",), "12, rue de la Paix, 75002 Paris"),
    ),
    "belgian": (
        "Koen Maes", "koen@voorbeeld.example",
        "Met vriendelijke groeten\nKoen Maes\nZaakvoerder\nVoorbeeld BV\nKerkstraat 1\n9000 Gent\n"
        "GSM 0475 55 01 00\nBTW BE 0123.456.789",
        card("Koen Maes", "Zaakvoerder", "Voorbeeld BV", ("0475 55 01 00",), (), "Kerkstraat 1, 9000 Gent"),
    ),
    "italian": (
        "Anna Rossi", "anna@esempio.example",
        "Cordiali saluti\n\nAnna Rossi\nResponsabile commerciale\nEsempio S.r.l.\nVia Roma, 10\n"
        "20121 Milano (MI)\nTel. 02 5550100\nCell. 333 5550100\nP.IVA 01234567890",
        card("Anna Rossi", "Responsabile commerciale", "Esempio S.r.l.", ("02 5550100", "333 5550100"), (),
             "Via Roma, 10, 20121 Milano (MI)"),
    ),
    "dutch": (
        "Jan de Vries", "jan@voorbeeld.example",
        "Met vriendelijke groet,\n\nJan de Vries\nAccountmanager\n\nVoorbeeld B.V.\nKeizersgracht 123\n"
        "1015 CJ Amsterdam\nT 020 555 01 00\nKvK 12345678",
        card("Jan de Vries", "Accountmanager", "Voorbeeld B.V.", ("020 555 01 00",), (),
             "Keizersgracht 123, 1015 CJ Amsterdam"),
    ),
    "russian": (
        "Иван Петров", "ivan@primer.example",
        "С уважением,\nИван Петров\nМенеджер по продажам\nООО «Пример»\n"
        "тел.: +7 (495) 555-01-00, доб. 123\nмоб.: 8 916 555 01 00\nwww.primer.example\nИНН 7701234567",
        card("Иван Петров", "Менеджер по продажам", "ООО «Пример»",
             ("+7 (495) 555-01-00, доб. 123", "8 916 555 01 00"), ("https://www.primer.example",)),
    ),
    "russian, with address": (
        "Ольга Смирнова", "olga@primer.example",
        'С уважением,\nОльга Смирнова\nГлавный бухгалтер\nАО "Пример"\n'
        "115114, г. Москва, ул. Летниковская, д. 10\nТел. (495) 555-01-00",
        card("Ольга Смирнова", "Главный бухгалтер", 'АО "Пример"', ("(495) 555-01-00",), (),
             "115114, г. Москва, ул. Летниковская, д. 10"),
    ),
    "ukrainian": (
        "Олена Коваль", "olena@pryklad.example",
        "З повагою,\nОлена Коваль\nКерівник відділу продажу\nТОВ «Приклад»\nтел. +380 44 555 01 00",
        card("Олена Коваль", "Керівник відділу продажу", "ТОВ «Приклад»", ("+380 44 555 01 00",)),
    ),
    "czech": (
        "Petr Novák", "petr@priklad.example",
        "S pozdravem\n\nIng. Petr Novák\nobchodní ředitel\nPříklad s.r.o.\nDlouhá 15\n110 00 Praha 1\n"
        "tel.: +420 555 010 100\nIČ: 12345678, DIČ: CZ12345678",
        card("Ing. Petr Novák", "obchodní ředitel", "Příklad s.r.o.", ("+420 555 010 100",), (),
             "Dlouhá 15, 110 00 Praha 1"),
    ),
    "slovak": (
        "Jana Kováčová", "jana@priklad.example",
        "S pozdravom\nJana Kováčová\nobchodná zástupkyňa\nPríklad, a.s.\nmobil: 0905 555 010",
        card("Jana Kováčová", "obchodná zástupkyňa", "Príklad, a.s.", ("0905 555 010",)),
    ),
    "turkish": (
        "Ayşe Yılmaz", "ayse@ornek.example",
        "Saygılarımla,\nAyşe Yılmaz\nSatış Müdürü\nÖrnek Teknoloji A.Ş.\nTel: 0212 555 01 00\n"
        "GSM: 0532 555 01 00",
        card("Ayşe Yılmaz", "Satış Müdürü", "Örnek Teknoloji A.Ş.", ("0212 555 01 00", "0532 555 01 00")),
    ),
    "swedish": (
        "Erik Åberg", "erik@exempel.example",
        "Med vänliga hälsningar\nErik Åberg\nFörsäljningschef\nExempel AB\nStorgatan 1\n111 22 Stockholm\n"
        "Mobil 070-555 01 00",
        card("Erik Åberg", "Försäljningschef", "Exempel AB", ("070-555 01 00",), (),
             "Storgatan 1, 111 22 Stockholm"),
    ),
    "danish": (
        "Mette Jensen", "mette@eksempel.example",
        "Med venlig hilsen\n\nMette Jensen\nSalgschef\nEksempel A/S\nTlf. 55 50 10 00\nCVR 12345678",
        card("Mette Jensen", "Salgschef", "Eksempel A/S", ("55 50 10 00",)),
    ),
    "norwegian": (
        "Kari Hansen", "kari@eksempel.example",
        "Vennlig hilsen\nKari Hansen\nDaglig leder\nEksempel AS\nMob: 955 50 100",
        card("Kari Hansen", "Daglig leder", "Eksempel AS", ("955 50 100",)),
    ),
    "finnish": (
        "Matti Virtanen", "matti@esimerkki.example",
        "Ystävällisin terveisin\nMatti Virtanen\nToimitusjohtaja\nEsimerkki Oy\npuh. 040 555 0100",
        card("Matti Virtanen", "Toimitusjohtaja", "Esimerkki Oy", ("040 555 0100",)),
    ),
    "chinese": (
        "王小明", "wang@shili.example",
        "此致\n王小明\n销售经理\n示例科技有限公司\n电话：021-55501000 转 123\n手机：13855501000\n"
        "传真：021-55501099\n地址：上海市浦东新区世纪大道100号",
        card("王小明", "销售经理", "示例科技有限公司", ("021-55501000 转 123", "13855501000"), (),
             "上海市浦东新区世纪大道100号"),
    ),
    "taiwanese": (
        "陳美玲", "chen@fanli.example",
        "陳美玲\n業務經理\n範例股份有限公司\n電話：02-5550-1000 分機 12",
        card("陳美玲", "業務經理", "範例股份有限公司", ("02-5550-1000 分機 12",)),
    ),
    "japanese": (
        "山田 太郎", "yamada@rei.example",
        "━━━━━━━━━━━━━━━\n株式会社レイ\n営業部 部長\n山田太郎\n〒100-0001 東京都千代田区千代田1-1\n"
        "TEL：03-5550-1000 / FAX：03-5550-1099\n携帯：090-5550-1000\nhttps://www.rei.example/\n"
        "━━━━━━━━━━━━━━━",
        card("山田太郎", "営業部 部長", "株式会社レイ", ("03-5550-1000", "090-5550-1000"),
             ("https://www.rei.example/",), "〒100-0001 東京都千代田区千代田1-1"),
    ),
    "korean": (
        "김민수", "kim@yesi.example",
        "감사합니다.\n\n김민수 과장\n주식회사 예시\nT. 02-555-0100 | M. 010-5555-0100 | F. 02-555-0199",
        card("김민수", "과장", "주식회사 예시", ("02-555-0100", "010-5555-0100")),
    ),
    "arabic": (
        "سارة أحمد", "sara@mithal.example",
        "مع التحية\nسارة أحمد\nمديرة المبيعات\nشركة مثال ذ.م.م\nهاتف: +971 4 555 0100",
        card("سارة أحمد", "مديرة المبيعات", "شركة مثال ذ.م.م", ("+971 4 555 0100",)),
    ),
    "hebrew": (
        "דנה כהן", "dana@dugma.example",
        'בברכה,\nדנה כהן\nמנהלת שיווק\nדוגמה בע"מ\nטל: 03-555-0100\nנייד: 054-555-0100',
        card("דנה כהן", "מנהלת שיווק", 'דוגמה בע"מ', ("03-555-0100", "054-555-0100")),
    ),
    "hungarian": (
        "Kovács Anna", "anna@pelda.example",
        "Üdvözlettel,\nKovács Anna\nértékesítési vezető\nPélda Kft.\nMobil: +36 30 555 0100",
        card("Kovács Anna", "értékesítési vezető", "Példa Kft.", ("+36 30 555 0100",)),
    ),
    "romanian": (
        "Ion Popescu", "ion@exemplu.example",
        "Cu stimă,\nIon Popescu\nDirector Vânzări\nExemplu S.R.L.\nTel: 021 555 01 00",
        card("Ion Popescu", "Director Vânzări", "Exemplu S.R.L.", ("021 555 01 00",)),
    ),
    "greek": (
        "Νίκος Παππάς", "nikos@paradeigma.example",
        "Με εκτίμηση,\nΝίκος Παππάς\nΔιευθυντής Πωλήσεων\nΠαράδειγμα Α.Ε.\nΤηλ.: 210 555 0100\n"
        "Κιν.: 697 555 0100",
        card("Νίκος Παππάς", "Διευθυντής Πωλήσεων", "Παράδειγμα Α.Ε.", ("210 555 0100", "697 555 0100")),
    ),
    "croatian": (
        "Ivan Horvat", "ivan@primjer.example",
        "Srdačan pozdrav,\nIvan Horvat\nvoditelj prodaje\nPrimjer d.o.o.\nmob: 091 555 0100",
        card("Ivan Horvat", "voditelj prodaje", "Primjer d.o.o.", ("091 555 0100",)),
    ),
    "bulgarian": (
        "Мария Иванова", "maria@primer.example",
        "Поздрави,\nМария Иванова\nУправител\nПример ЕООД\nтел. 02 555 0100",
        card("Мария Иванова", "Управител", "Пример ЕООД", ("02 555 0100",)),
    ),
    "serbian": (
        "Jelena Jović", "jelena@primer.example",
        "Srdačan pozdrav,\nJelena Jović\nmenadžer prodaje\nPrimer d.o.o. Beograd\nTel. 011 555 0100",
        card("Jelena Jović", "menadžer prodaje", "Primer d.o.o. Beograd", ("011 555 0100",)),
    ),
    "vietnamese": (
        "Nguyễn Văn An", "an@vidu.example",
        "Trân trọng,\nNguyễn Văn An\nTrưởng phòng kinh doanh\nCông ty TNHH Ví Dụ\nĐT: 028 5550 1000",
        card("Nguyễn Văn An", "Trưởng phòng kinh doanh", "Công ty TNHH Ví Dụ", ("028 5550 1000",)),
    ),
    "catalan": (
        "Jordi Puig", "jordi@exemple.example",
        "Salutacions,\nJordi Puig\nDirector tècnic\nExemple, SL\nTel. 93 555 01 00",
        card("Jordi Puig", "Director tècnic", "Exemple, SL", ("93 555 01 00",)),
    ),
    "indian": (
        "Priya Nair", "priya@udaharan.example",
        "Thanks & Regards\nPriya Nair\nAssistant Manager\nUdaharan Pvt. Ltd.\nMob: +91 98765 55010",
        card("Priya Nair", "Assistant Manager", "Udaharan Pvt. Ltd.", ("+91 98765 55010",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_signatures(name):
    author, address, signature, expected = CASES[name]

    assert contact_of(Kind.NORMAL, signature, Address(author, address)) == expected
