"""The months as people and programs write them: of each language twelve, each with its cases and its short forms.

Lower case, without the dot behind a short form. Some words mean another month elsewhere (`listopad` is October in Croatia,
November in Poland), so a reader either knows the language or leaves those words alone.
"""

MONTHS: dict[str, str] = {
    "en": "january jan/february feb/march mar/april apr/may/june jun/july jul/august aug/september sept sep/october oct"
    "/november nov/december dec",
    "es": "enero ene/febrero feb/marzo mar/abril abr/mayo may/junio jun/julio jul/agosto ago/septiembre setiembre sept sep"
    "/octubre oct/noviembre nov/diciembre dic",
    "pt": "janeiro jan/fevereiro fev/março mar/abril abr/maio mai/junho jun/julho jul/agosto ago/setembro set/outubro out"
    "/novembro nov/dezembro dez",
    "ca": "gener gen/febrer febr/març/abril abr/maig/juny/juliol jul/agost ag/setembre set/octubre oct/novembre nov"
    "/desembre des",
    "fr": "janvier janv/février fevrier févr fév/mars/avril avr/mai/juin/juillet juil/août aout/septembre sept/octobre oct"
    "/novembre nov/décembre decembre déc",
    "it": "gennaio gen/febbraio feb/marzo mar/aprile apr/maggio mag/giugno giu/luglio lug/agosto ago/settembre set"
    "/ottobre ott/novembre nov/dicembre dic",
    "ro": "ianuarie ian/februarie feb/martie mar/aprilie apr/mai/iunie iun/iulie iul/august aug/septembrie sept"
    "/octombrie oct/noiembrie nov/decembrie dec",
    "de": "januar jänner jan jän/februar feb/märz maerz mär mrz/april apr/mai/juni jun/juli jul/august aug"
    "/september sept sep/oktober okt/november nov/dezember dez",
    "nl": "januari jan/februari feb/maart mrt/april apr/mei/juni jun/juli jul/augustus aug/september sept sep/oktober okt"
    "/november nov/december dec",
    "sv": "januari jan/februari feb/mars/april apr/maj/juni jun/juli jul/augusti aug/september sept sep/oktober okt"
    "/november nov/december dec",
    "da": "januar jan/februar feb/marts mar/april apr/maj/juni jun/juli jul/august aug/september sept sep/oktober okt"
    "/november nov/december dec",
    "no": "januar jan/februar feb/mars/april apr/mai/juni jun/juli jul/august aug/september sept sep/oktober okt"
    "/november nov/desember des",
    "fi": "tammikuuta tammikuu tammik tammi/helmikuuta helmikuu helmik helmi/maaliskuuta maaliskuu maalisk maalis"
    "/huhtikuuta huhtikuu huhtik huhti/toukokuuta toukokuu toukok touko/kesäkuuta kesäkuu kesäk kesä"
    "/heinäkuuta heinäkuu heinäk heinä/elokuuta elokuu elok elo/syyskuuta syyskuu syysk syys"
    "/lokakuuta lokakuu lokak loka/marraskuuta marraskuu marrask marras/joulukuuta joulukuu jouluk joulu",
    "pl": "stycznia styczeń sty/lutego luty lut/marca marzec mar/kwietnia kwiecień kwi/maja maj/czerwca czerwiec cze"
    "/lipca lipiec lip/sierpnia sierpień sie/września wrzesień wrz/października październik paź/listopada listopad lis"
    "/grudnia grudzień gru",
    "cs": "ledna leden led/února únor úno/března březen bře/dubna duben dub/května květen kvě/června červen čvn"
    "/července červenec čvc/srpna srpen srp/září zář/října říjen říj/listopadu listopad lis/prosince prosinec pro",
    "sk": "januára január jan/februára február feb/marca marec mar/apríla apríl apr/mája máj/júna jún/júla júl"
    "/augusta august aug/septembra september sept sep/októbra október okt/novembra november nov/decembra december dec",
    "sl": "januar jan/februar feb/marec mar/april apr/maj/junij jun/julij jul/avgust avg/september sept sep/oktober okt"
    "/november nov/december dec",
    "hr": "siječnja siječanj sij/veljače veljača velj/ožujka ožujak ožu/travnja travanj tra/svibnja svibanj svi"
    "/lipnja lipanj lip/srpnja srpanj srp/kolovoza kolovoz kol/rujna rujan ruj/listopada listopad lis"
    "/studenoga studenog studeni stu/prosinca prosinac pro",
    "sr": "januar јануар jan јан/februar фебруар feb феб/mart март mar мар/april април apr апр/maj мај/jun јун/jul јул"
    "/avgust август avg авг/septembar септембар sep сеп/oktobar октобар okt окт/novembar новембар nov нов"
    "/decembar децембар dec дец",
    "bg": "януари яну/февруари фев/март/април апр/май/юни/юли/август авг/септември сеп септ/октомври окт/ноември ное ноем"
    "/декември дек",
    "ru": "января январь янв/февраля февраль февр фев/марта март мар/апреля апрель апр/мая май/июня июнь июн/июля июль июл"
    "/августа август авг/сентября сентябрь сент сен/октября октябрь окт/ноября ноябрь нояб ноя/декабря декабрь дек",
    "uk": "січня січень січ/лютого лютий лют/березня березень бер/квітня квітень квіт/травня травень трав"
    "/червня червень черв/липня липень лип/серпня серпень серп/вересня вересень вер/жовтня жовтень жовт"
    "/листопада листопад лист/грудня грудень груд",
    "hu": "január jan/február febr/március márc/április ápr/május máj/június jún/július júl/augusztus aug/szeptember szept"
    "/október okt/november nov/december dec",
    "tr": "ocak oca/şubat şub/mart mar/nisan nis/mayıs may/haziran haz/temmuz tem/ağustos ağu/eylül eyl/ekim eki/kasım kas"
    "/aralık ara",
    "el": "ιανουαρίου ιανουάριος ιαν/φεβρουαρίου φεβρουάριος φεβ/μαρτίου μάρτιος μαρ/απριλίου απρίλιος απρ"
    "/μαΐου μαίου μάιος μαΐ μαϊ/ιουνίου ιούνιος ιουν/ιουλίου ιούλιος ιουλ/αυγούστου αύγουστος αυγ"
    "/σεπτεμβρίου σεπτέμβριος σεπ/οκτωβρίου οκτώβριος οκτ/νοεμβρίου νοέμβριος νοε/δεκεμβρίου δεκέμβριος δεκ",
    "lt": "sausio sausis/vasario vasaris/kovo kovas/balandžio balandis/gegužės gegužė/birželio birželis/liepos liepa"
    "/rugpjūčio rugpjūtis/rugsėjo rugsėjis/spalio spalis/lapkričio lapkritis/gruodžio gruodis",
    "lv": "janvāris janv/februāris febr/marts/aprīlis apr/maijs/jūnijs jūn/jūlijs jūl/augusts aug/septembris sept"
    "/oktobris okt/novembris nov/decembris dec",
    "et": "jaanuar jaan/veebruar veebr/märts/aprill apr/mai/juuni/juuli/august aug/september sept/oktoober okt"
    "/november nov/detsember dets",
    "id": "januari jan/februari feb/maret mar/april apr/mei/juni jun/juli jul/agustus agu/september sep/oktober okt"
    "/november nov/desember des",
    "ar": "يناير/فبراير/مارس/أبريل ابريل إبريل/مايو/يونيو/يوليو/أغسطس اغسطس/سبتمبر/أكتوبر اكتوبر/نوفمبر/ديسمبر",
    "he": "ינואר בינואר ינו׳ בינו׳/פברואר בפברואר פבר׳ בפבר׳/מרץ במרץ מרס במרס/אפריל באפריל אפר׳ באפר׳/מאי במאי/יוני ביוני"
    "/יולי ביולי/אוגוסט באוגוסט אוג׳ באוג׳/ספטמבר בספטמבר ספט׳ בספט׳/אוקטובר באוקטובר אוק׳ באוק׳"
    "/נובמבר בנובמבר נוב׳ בנוב׳/דצמבר בדצמבר דצמ׳ בדצמ׳",
}
"""By language: the twelve parted by `/`, the forms of each by blanks."""
