"""Words by which a line of a signature is known to be somebody's position, in many languages.

`TITLE_WORDS` are whole words; `TITLE_ENDS` end a compound (Vertriebsleiter, försäljningschef); `TITLE_SIGNS`
stand anywhere,
in scripts that part no words. A word that names a department (sales, marketing) is none.
"""

WORDS = {
    "English": """
        accountant actuary administrator adviser advisor agent ambassador analyst apprentice architect assistant
        associate attorney auditor barrister bookkeeper broker buyer ceo cfo chair chairman chairperson
        chairwoman chief cio clerk cmo co-founder cofounder commissioner consultant controller coo coordinator
        co-ordinator copywriter counsel counsellor cpo cro cso cto curator dean dentist designer developer
        devops dietitian director dispatcher doctor economist editor engineer estimator evangelist examiner
        executive foreman founder gm head hr-manager inspector instructor intern interpreter inventor
        investigator journalist lawyer lead leader lecturer librarian manager md mechanic merchandiser notary
        nurse officer operator owner paralegal partner pharmacist photographer physician physiotherapist planner
        president principal procurator producer professor programmer psychologist receptionist recruiter
        registrar representative researcher scientist scrum secretary solicitor sommelier specialist strategist
        superintendent supervisor surgeon surveyor svp teacher technician technologist tester therapist trainee
        trainer translator treasurer trustee underwriter veterinarian vp webmaster writer
    """,
    "German": """
        angestellte angestellter anwalt anwältin architektin arzt ärztin assistentin assistenz auszubildende
        auszubildender außendienst beraterin berater buchhalter buchhalterin büroleitung chefin consultantin
        direktor direktorin disponent disponentin einkäufer einkäuferin entwickler entwicklerin fachberater
        fachkraft geschäftsführer geschäftsführerin geschäftsführung geschäftsleitung gesellschafter gründer
        gründerin hausverwalter ingenieur ingenieurin inhaber inhaberin leiter leiterin leitung mitarbeiter
        mitarbeiterin notar notarin praktikant praktikantin prokurist prokuristin rechtsanwalt rechtsanwältin
        referent referentin sachbearbeiter sachbearbeiterin sekretariat sekretärin steuerberater steuerberaterin
        techniker technikerin verkäufer verkäuferin vorsitzende vorsitzender vorstand vorständin werkstudent
        werkstudentin wirtschaftsprüfer
    """,
    "French": """
        acheteur acheteuse adjoint adjointe animateur animatrice assistante associé associée avocat avocate
        chargé chargée chef cheffe commercial commerciale comptable conseiller conseillère consultante
        coordinateur coordinatrice directeur directrice dirigeant développeur développeuse expert-comptable
        fondateur fondatrice gérant gérante gestionnaire ingénieur ingénieure juriste médecin notaire pdg
        président présidente propriétaire responsable secrétaire technicien technicienne vendeur vendeuse
        zaakvoerder
    """,
    "Spanish, Catalan": """
        abogada abogado administrador administradora administrativa administrativo analista arquitecta
        arquitecto asesor asesora asistente ayudante comprador compradora consultor consultora contable contador
        contadora coordinador coordinadora delegada delegado desarrollador desarrolladora directora ejecutiva
        ejecutivo encargada encargado fundador fundadora gerente ingeniera ingeniero jefa jefe médica médico
        presidenta presidente profesor profesora propietaria propietario secretaria socia socio subdirector
        supervisora técnica técnico vendedor vendedora vicepresidente advocada advocat cap gerent
    """,
    "Portuguese": """
        advogada advogado arquiteta arquiteto assessor assessora auxiliar contabilista coordenador coordenadora
        desenvolvedor desenvolvedora diretor diretora engenheira engenheiro estagiária estagiário executiva
        executivo gestor gestora professora proprietário proprietária secretário secretária sócia sócio
    """,
    "Italian": """
        addetta addetto agente amministratore amministratrice avvocato avvocata capo collaboratore
        collaboratrice commercialista consulente coordinatore direttore direttrice fondatore geometra impiegata
        impiegato ingegnere progettista responsabile segretaria segretario titolare sviluppatore sviluppatrice
        tecnico venditore venditrice
    """,
    "Dutch": """
        accountmanager adviseur ontwerper bestuurslid bedrijfsleider bestuurder boekhouder boekhoudster
        commercieel coördinator
        eigenaar eigenaresse hoofd inkoper jurist medewerker medewerkster ondernemer oprichter projectleider
        secretaresse teamleider verkoper voorzitter vertegenwoordiger advocaat
    """,
    "Polish": """
        adwokat analityk asystent asystentka doradca dyrektor dyrektorka handlowiec inspektor inżynier
        kierowniczka kierownik konsultant konsultantka koordynator koordynatorka księgowa księgowy lekarz
        menedżer menedżerka pełnomocnik prawnik prezes prokurent programista programistka projektant
        przedstawiciel radca redaktor rzecznik sekretarka specjalista specjalistka sprzedawca technik właściciel
        właścicielka wiceprezes współwłaściciel
    """,
    "Czech, Slovak": """
        administrátor asistent asistentka finanční jednatel jednatelka konateľ konateľka konstruktér konzultant
        ředitel ředitelka riaditeľ riaditeľka majitel majitelka majiteľ majiteľka manažer manažerka manažér
        manažérka obchodník obchodnička poradce poradkyně právník předseda projektový specialista specialistka
        špecialista špecialistka účetní účtovník účtovníčka vedoucí vedúca vedúci zástupce zástupkyně zástupca
        zástupkyňa
    """,
    "Swedish, Danish, Norwegian, Finnish": """
        advokat affärsutvecklare administratör ägare assistent delägare ekonom ekonomiansvarig grundare
        handläggare ingenjör ingeniør innehavare inköpare konsult konsulent koordinator kundansvarig leder
        ordförande projektledare rådgivare rådgiver revisor säljare sælger selger styreleder utvecklare utvikler
        udvikler vd adm direktør direktören indehaver ejer eier bogholder medarbejder medarbeider sekretær
        sagsbehandler saksbehandler asiantuntija asiakkuuspäällikkö hallituksen insinööri johtaja konsultti
        koordinaattori myyjä omistaja osakas perustaja päällikkö suunnittelija toimitusjohtaja yrittäjä
    """,
    "Hungarian, Romanian": """
        asszisztens cégvezető elnök igazgató könyvelő képviselő mérnök munkatárs ügyvéd ügyvezető vezető
        tanácsadó titkárnő tulajdonos vezérigazgató asociat contabil consilier directoare fondator inginer
        reprezentant șef sef
    """,
    "Croatian, Serbian, Slovene, Turkish, Vietnamese, Indonesian": """
        direktorica menadžer menadžerka menedžer odvjetnik odvjetnica predsednik predsjednik predsjednica
        računovođa savjetnik savetnik suradnik suradnica vlasnik vlasnica voditelj voditeljica vodja zastopnik
        asistanı avukat başkan başkanı danışman danışmanı direktörü geliştirici kurucu mimar muhasebeci mühendis
        mühendisi müdür müdürü sahibi sekreter sorumlusu temsilcisi uzman uzmanı uzmani yöneticisi yönetici
        direktur manajer kepala staf
    """,
    "Russian, Ukrainian, Bulgarian, Serbian in Cyrillic, Greek": """
        администратор аналитик архитектор ассистент аудитор бухгалтер владелец врач генеральный главный дизайнер
        директор заместитель инженер конструктор консультант координатор логист маркетолог менеджер начальник
        оператор партнёр партнер помощник председатель представитель президент программист разработчик редактор
        руководитель секретарь собственник специалист тестировщик технолог управляющий учредитель экономист
        эксперт юрист адвокат адміністратор аналітик головний власник економіст інженер керівник помічник
        представник провідний розробник спеціаліст фахівець юрисконсульт заступник управител мениджър собственик
        ръководител счетоводител съдружник търговски експерт менаџер руководилац διευθυντής διευθύντρια
        διευθύνων υπεύθυνος υπεύθυνη μηχανικός σύμβουλος προϊστάμενος πωλητής λογιστής δικηγόρος ιδιοκτήτης
        συνεργάτης ιατρός αρχιτέκτονας πρόεδρος
    """,
    "Arabic, Hebrew": """
        مدير مديرة المدير رئيس مهندس مهندسة محاسب محامي مستشار مستشارة مسؤول مسؤولة مندوب سكرتيرة أستاذ دكتور
        מנהל מנהלת מנכ״ל מנכ"ל סמנכ״ל סמנכ"ל מהנדס מהנדסת יועץ יועצת נציג נציגת מזכירה עורך עורכת מפתח מפתחת רכז
        רכזת
    """,
}
TITLE_WORDS = frozenset(word for words in WORDS.values() for word in words.split())
TITLE_ENDS = (
    "arzt", "ärztin", "therapeut", "therapeutin", "planer", "planerin", "designer", "ontwerper", "trainer", "werker",
    "leiter", "leiterin", "leitung", "manager", "managerin", "berater", "beraterin", "ingenieur", "ingenieurin",
    "referent", "referentin", "entwickler", "entwicklerin", "assistent", "assistentin", "beauftragter",
    "beauftragte", "vorstand", "kaufmann", "kauffrau", "meister", "meisterin", "techniker", "technikerin", "anwalt",
    "anwältin", "direktor", "geschäftsführer", "spezialist", "spezialistin", "chef", "ledare", "ledaren", "ansvarig",
    "utvecklare", "säljare", "ingenjör", "konsulent", "konsult", "sjef", "leder", "ansvarlig", "rådgiver",
    "direktør", "päällikkö", "johtaja", "asiantuntija", "vastaava", "hoitaja", "insinööri", "leider", "beheerder",
    "adviseur", "medewerker", "directeur", "coördinator", "vezető", "igazgató", "mérnök", "tanácsadó", "menedzser",
)  # fmt: skip
SHORTEST_STEM = 3
"""Letters before an end, so that `chef` alone is a word and not an end."""

TITLE_SIGNS = (
    "经理", "經理", "总监", "總監", "主管", "主任", "总裁", "總裁", "董事", "工程师", "工程師", "专员", "專員",
    "顾问", "顧問", "律师", "律師", "会计",
    "會計", "助理", "教授", "部長", "課長", "係長", "社長", "取締役", "代表", "担当", "店長", "室長", "所長",
    "次長", "本部長", "マネージャー", "ディレクター",
    "エンジニア", "デザイナー", "コンサルタント", "과장", "대리", "부장", "차장", "사원", "대표이사", "대표",
    "이사", "팀장", "실장", "본부장", "주임", "매니저",
    "연구원", "교수", "trưởng phòng", "giám đốc", "nhân viên", "phó phòng", "chuyên viên", "trưởng nhóm", "chủ tịch",
)  # fmt: skip
_HONORIFICS = """
    dr dr. prof prof. mr mr. mrs mrs. ms ms. mag mag. dipl.-ing. dipl.-kfm. ing ing. inż. inż mgr mgr. bc. judr.
    mudr. phdr. rndr. sr. sra. d. dña. dott. dott.ssa avv. arch. rag. geom. m. mme mlle herr frau i.a. i.v. i. a. v.
    ppa. hr. fru av. sayın eng. engr. ir. drs. lic. adv. cand. techn. univ.-prof. priv.-doz. hon. sir dame rev. doc.
    phd. dr.-ing.
"""
HONORIFICS = frozenset(_HONORIFICS.split())
_SUFFIXES = """
    md phd ph.d ph.d. m.d. mba msc m.sc. bsc b.sc. ma m.a. ba b.a. llm ll.m. cpa cfa esq esq. jr jr. sr sr. ii iii
    pe p.e. pmp rn csc. csc drsc. mph dds dvm edd jd fca aca acca chartered ll.b. m.eng. b.eng.
"""
SUFFIXES = frozenset(_SUFFIXES.split())
PRONOUNS = (
    "(she/her)", "(he/him)", "(they/them)", "(she/they)", "(he/they)", "(sie/ihr)", "(er/ihm)", "(elle)", "(il)",
    "(ella)", "(él)", "(she/her/hers)", "(he/him/his)", "(they/them/theirs)", "she/her", "he/him", "they/them",
)  # fmt: skip
