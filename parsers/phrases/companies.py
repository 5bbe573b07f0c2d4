"""How companies are known by their names: legal forms, words of organisations, and what only looks like them."""

LEGAL_FORMS = (
    "gmbh & co. kg", "gmbh & co.kg", "gmbh & co kg", "gmbh", "ggmbh", "mbh", "ag", "kg", "kgaa", "ohg", "gbr", "ug",
    "ug (haftungsbeschränkt)", "e.v.", "e. v.", "eg", "e.k.", "se", "partg", "partg mbb", "sarl", "sàrl", "s.à r.l.",
    "s.a.r.l.", "sas", "sasu", "s.a.s.", "eurl", "sa", "s.a.", "sci", "scop", "s.a. de c.v.", "sa de cv",
    "s. de r.l. de c.v.", "s.l.", "sl", "s.l.u.", "slu", "s.l.l.", "s.a.u.", "s.c.", "sociedad limitada", "lda",
    "lda.", "ltda", "ltda.", "unipessoal lda", "eireli", "s/a", "epp", "s.r.l.", "srl", "s.r.l.s.", "srls", "s.p.a.",
    "spa", "s.n.c.", "snc", "s.a.s", "s.s.", "b.v.", "bv", "n.v.", "nv", "v.o.f.", "vof", "bvba", "cvba", "vzw",
    "asbl", "sp. z o.o.", "sp. z o. o.", "sp.z o.o.", "sp. z.o.o.", "sp. k.", "sp. j.", "sp. z o.o. sp. k.",
    "spółka z o.o.", "s.k.a.", "p.s.a.", "s.r.o.", "s. r. o.", "spol. s r.o.", "spol. s r. o.", "a.s.", "a. s.",
    "v.o.s.", "k.s.", "z.s.", "o.z.", "a/s", "aps", "i/s", "k/s", "p/s", "ab", "hb", "as", "asa", "ans", "da", "oy",
    "oyj", "ky", "osk", "tmi", "kft.", "kft", "zrt.", "zrt", "nyrt.", "nyrt", "bt.", "bt", "s.r.l", "s.c.s.",
    "d.o.o.", "d.d.", "j.d.o.o.", "ad", "doo", "еоод", "оод", "ад", "еад", "ет", "д.о.о.", "α.ε.", "ε.π.ε.",
    "ι.κ.ε.", "ο.ε.", "αε", "επε", "ικε", "a.ş.", "a.ş", "aş", "ltd. şti.", "ltd. şti", "ltd şti", "şti.",
    "san. ve tic. a.ş.", "san. ve tic. ltd. şti.", "ltd", "ltd.", "limited", "plc", "llp", "lp", "llc", "l.l.c.",
    "inc", "inc.", "incorporated", "corp", "corp.", "corporation", "co.", "pllc", "p.c.", "pc", "pty ltd",
    "pty. ltd.", "pty ltd.", "pty limited", "pvt ltd", "pvt. ltd.", "pvt. ltd", "pvt ltd.", "private limited",
    "pte ltd", "pte. ltd.", "pte ltd.", "sdn bhd", "sdn. bhd.", "bhd", "co., ltd.", "co., ltd", "co. ltd.",
    "co.,ltd.", "co.,ltd", "k.k.", "kk", "jsc", "ojsc", "pjsc", "ood", "eood", "uab", "sia", "oü", "as.", "mtü",
    "ehf.", "hf.", "fze", "fzco", "fz-llc", "wll", "w.l.l.", "ذ.م.م", "ش.م.م", "ذ.م.م.", "م.م.ح", 'בע"מ', "בע״מ",
    "ע״ר", 'ע"ר', "tbk", "gie",
)  # fmt: skip
"""At the end of a name, in lower case; the longest that fits counts."""

LEGAL_STARTS = (
    "ооо ", "оао ", "зао ", "пао ", "ао ", "ип ", "нао ", "фгуп ", "гуп ", "тов ", "тзов ", "пп ", "пат ", "прат ",
    "фоп ", "ат ", "тоо ", "чп ", "оао«", "ооо«", "ао«", "тов«", "株式会社", "有限会社", "合同会社",
    "一般社団法人", "学校法人", "(株)",
    "（株）", "㈱", "주식회사", "(주)", "㈜", "유한회사", "pt ", "pt. ", "công ty ", "שירותי ", "شركة ",
    "مؤسسة ", "مجموعة ",
    "ab «", "uab ", "sia ", "ehf ", "cv ", "cv. ",
)  # fmt: skip
LEGAL_SIGNS = (
    "有限公司", "有限责任公司", "有限責任公司", "股份公司", "集团", "集團", "株式会社", "有限会社", "合同会社",
    "주식회사", "(주)", "㈜", "事务所", "事務所",
)  # fmt: skip
_ORGANISATIONS = """
    university universität université universidad universidade università universiteit uniwersytet univerzita
    universitet university's college school institute institut instituto istituto instytut hospital klinikum klinik
    clinic ministry ministerium ministère ministerio foundation stiftung fondation fundación fundacja
    verein verband stadtwerke gemeinde council museum politechnika politecnico academy akademie akademia hochschule
    gymnasium sparkasse volksbank университет университета институт академия університет інститут πανεπιστήμιο
    üniversitesi yliopisto egyetem universitatea sveučilište
"""
ORGANISATIONS = frozenset(_ORGANISATIONS.split())
