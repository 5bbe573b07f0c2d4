"""The days of the week, whole, in the cases that stand before a date or behind "back on"."""

WEEKDAYS: tuple[str, ...] = (
    "monday mondays montag lundi lunes segunda lunedì lunedi maandag poniedziałek poniedziałku понедельник понедельника"
    " понеділок понеділка pondělí pondelok pondelka pazartesi måndag måndagen mandag mandagen maanantai maanantaina"
    " hétfő hétfőn luni lunea δευτέρα الاثنين الإثنين שני 月曜日 月曜 星期一 周一 週一 월요일 dilluns",
    "tuesday dienstag mardi martes terça martedì martedi dinsdag wtorek wtorku вторник вторника вівторок вівторка úterý"
    " utorok utorka salı tisdag tisdagen tirsdag tirsdagen tiistai tiistaina kedd kedden marți marţi τρίτη الثلاثاء"
    " שלישי 火曜日 火曜 星期二 周二 週二 화요일 dimarts",
    "wednesday mittwoch mercredi miércoles miercoles quarta mercoledì mercoledi woensdag środa środę środy среда среду"
    " среды середа середу середи středa středu středy streda stredu stredy çarşamba onsdag onsdagen keskiviikko"
    " keskiviikkona szerda szerdán miercuri τετάρτη الأربعاء الاربعاء רביעי 水曜日 水曜 星期三 周三 週三 수요일 dimecres",
    "thursday donnerstag jeudi jueves quinta giovedì giovedi donderdag czwartek czwartku четверг четверга четвер"
    " четверга čtvrtek čtvrtka štvrtok štvrtka perşembe torsdag torsdagen torstai torstaina csütörtök csütörtökön joi"
    " πέμπτη الخميس חמישי 木曜日 木曜 星期四 周四 週四 목요일 dijous",
    "friday freitag vendredi viernes sexta venerdì venerdi vrijdag piątek piątku пятница пятницу пятницы п'ятниця"
    " пʼятницю пʼятниці pátek pátku piatok piatka cuma fredag fredagen perjantai perjantaina péntek pénteken vineri"
    " παρασκευή الجمعة שישי 金曜日 金曜 星期五 周五 週五 금요일 divendres",
    "saturday samstag sonnabend samedi sábado sabato zaterdag sobota sobotę soboty суббота субботу субботы субота суботу"
    " sobotu cumartesi lördag lördagen lørdag lørdagen lauantai lauantaina szombat szombaton sâmbătă σάββατο السبت שבת"
    " 土曜日 土曜 星期六 周六 週六 토요일 dissabte",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedzielę niedzieli воскресенье воскресенья неділя неділю"
    " неділі neděle neděli nedeľa nedeľu pazar söndag söndagen søndag søndagen sunnuntai sunnuntaina vasárnap duminică"
    " κυριακή الأحد ראשון 日曜日 日曜 星期日 星期天 周日 週日 일요일 diumenge",
)
"""From Monday on; the words of each parted by blanks."""
SHORT_WEEKDAYS = """
mon tue tues wed thu thur thurs fri sat sun mo di mi fr sa so lun mar mer jeu ven sam dim lu ma me je ve sá qui sex seg ter
qua dom gio sab maa din woe vri zat zon pon wt śr czw pt sob nd пн вт ср чт пт сб вс нд po út st čt pá ne ut št pi pzt sal çar
per cum tis ons tor fre lör sön man tir lør søn ke to pe la su h k sze cs p szo v
月 火 水 木 金 土 日 一 二 三 四 五 六 월 화 수 목 금 토 일
feira
"""
"""May stand beside a date; alone they are too short to mean a day."""
