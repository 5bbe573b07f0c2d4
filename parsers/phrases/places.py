"""Words that make a line a street or a place in some language."""

_STREET_WORDS = """
    street st st. road rd rd. avenue ave ave. lane ln drive dr. boulevard blvd blvd. court ct. square sq. place pl.
    way close crescent terrace highway hwy parkway pkwy quay row hill gardens park plaza mews wharf straße strasse
    str. gasse weg platz allee ring ufer damm chaussee promenade markt rue av. bd bd. chemin impasse allée quai
    route cours faubourg calle c/ avda avda. avenida paseo ctra ctra. carretera camino polígono passeig carrer pça
    praça rua travessa largo alameda rodovia estrada via viale piazza corso vicolo strada piazzale straat laan
    gracht plein kade singel dreef steenweg ul. ul ulica al. al aleja aleje plac os. osiedle rondo ulice nám.
    náměstí námestie třída tř. nábřeží ул. ул улица пр. пр-т проспект пер. переулок наб. набережная ш. шоссе б-р
    бульвар пл. площадь вул. вулиця просп. gatan vägen gata väg gränd torget vej gade allé plads vei veien gate katu
    tie kuja utca út u. útja tér körút bulevardul calea cad. cd. caddesi sok. sk. sokak mah. mahallesi bulvarı cesta
    trg bb οδός λεωφ. λεωφόρος شارع רחוב רח' đường phố jl. jalan
"""
STREET_WORDS = frozenset(_STREET_WORDS.split())
STREET_ENDS = (
    "straße", "strasse", "str.", "gasse", "weg", "platz", "allee", "ring", "ufer", "damm", "markt", "steig",
    "straat", "laan", "gracht", "plein", "kade", "singel", "dreef", "steenweg", "gatan", "gata", "vägen", "väg",
    "torget", "vej", "vejen", "gade", "gaden", "veien", "vei", "katu", "kuja", "tie", "polku", "utca", "körút",
)  # fmt: skip
PLACE_SIGNS = (
    "省", "市", "区", "區", "县", "縣", "路", "街", "号", "號", "楼", "樓", "室", "大道", "東京都", "都", "道",
    "府", "県", "町", "丁目",
    "番地", "ビル", "시", "구", "동", "로", "길", "층", "〒",
)  # fmt: skip
ADDRESS_LABELS = (
    "address", "mail", "us mail", "snail mail", "postal address", "post", "adresse", "anschrift",
    "dirección", "direccion", "endereço", "indirizzo", "adres", "adress",
    "osoite", "адрес", "адреса", "cím", "adresa", "διεύθυνση", "العنوان", "כתובת", "地址", "住所", "주소", "địa chỉ",
    "alamat",
)  # fmt: skip
