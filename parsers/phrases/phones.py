"""What stands around telephone numbers: labels, by what they announce, and extensions."""

_PHONE_LABELS = """
    t tel tel. tfno tfno. tlfno telnr tel.nr telefoonnr directe directo diretto direto ligne telephone phone ph
    ph. p fon telefon telefone teléfono telefono téléphone tél tél. tlf tlf. tfn puh
    puh. puhelin telefón telefonszám tel/fax tel./fax phone/fax fon/fax tel/whatsapp m m. mob mob. mobil mobile
    mobiltelefon mobilnummer cell cell. cel cel. celular cellulare c gsm handy natel móvil movil telemóvel telemovel
    tlm portable port port. mobiel mobiili matkapuhelin kännykkä komórka kom kom. komórkowy komórk. mobilní mobilný
    mobitel mobitel. mobilni d direct dir dir. direkt direkte direktwahl durchwahl dw direct-dial dd ddi o office
    off büro bureau work arbeit w switchboard zentrale main hq central centralino centrala standard whatsapp wa
    viber telegram signal hotline helpline call landline festnetz fixe fijo fixo fisso stacjonarny
    vezetékes telefax/tel h home privat тел тел. телефон т. т моб моб. мобильный мобільний моб.тел моб.тел. сот сот.
    сотовый раб раб. рабочий gsm: мобилен τηλ τηλ. τηλέφωνο κιν κιν. κινητό هاتف جوال موبايل تلفون ت טל טל. טלפון
    נייד טל' נייד. משרד 电话 電話 手机 手機 移动电话 行動電話 座机 联系电话 聯絡電話 直线 直線 热线 携帯
    携帯電話 代表 tel: 전화 휴대폰 핸드폰 연락처 직통 대표전화 휴대전화 đt
    đt. điện thoại đtdđ di động sđt hp hp. telp telp. ponsel โทร มือถือ
"""
PHONE_LABELS = frozenset(_PHONE_LABELS.split())
_NO_PHONE_LABELS = """
    f f. fax fax. telefax faks faks. téléfax telefaks факс факс. φαξ فاكس פקס 传真 傳真 ファックス ファクス
    팩스 iban konto account
    acct blz bic swift rib vat ust ustid ust-id ust-idnr ust-idnr. ust.-id steuernummer steuernr. st.-nr. uid hrb
    hra fn register registry reg reg. regnr company registration number no no. nr nr. nummer order invoice ticket
    case ref ref. id nip regon krs pesel bdo rpo siret siren rcs ape tva p.iva piva c.f. cf rea cif nif nipc cnpj
    cpf ie rut rfc cuit cuil ruc nit kvk btw rsin bce cvr se org org. orgnr org.nr org.nr. organisasjonsnummer
    y-tunnus ico ičo ič dič dic ič-dph iban: rč cégjegyzékszám adószám mersis vergi tc инн огрн кпп бик р/с к/с
    оквэд окпо єдрпоу едрпоу іпн afm αφμ γεμη ח.פ ח.פ. ע.מ abn acn gst gstin pan cin license licence lic zip plz
    postcode cp cep cap box postfach p.o. skype icq qq 邮编 郵編 邮政编码 税号 統一編號 事業者登録番号
    사업자등록번호 우편번호 meeting passcode
    code pin room raum extension capital kapital kapitał stammkapital
"""
NO_PHONE_LABELS = frozenset(_NO_PHONE_LABELS.split())
"""A number behind one of these is no telephone, or nobody speaks on it."""

EXTENSIONS = (
    "extension", "extn.", "extn", "ext.", "ext", "x", "#", "доб.", "доб", "вн.", "внутр.", "wew.", "wew",
    "int.", "int", "durchwahl",
    "poste", "anexo", "interno", "ramal", "klapka", "linka", "l.", "mellék", "内線", "内线", "分机", "分機",
    "转", "轉", "내선",
    "дод.", "dahili", "toestel", "anknytning", "lok.", "lokal", "שלוחה", "תحويلة", "εσωτ.", "máy lẻ",
)  # fmt: skip
FAX_WORDS = ("telefax", "fax", "faks", "факс", "传真", "傳真", "팩스", "f")
"""Behind a number, in brackets or not."""
