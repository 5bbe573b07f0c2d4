"""Refusals in other languages than English: reports of Exchange, Domino and providers that write in their users' own.

By Sisimai's reasons, the first that fits wins. Where a language sets spaces, written as in `certain_refusals`; phrases of
Japanese, Chinese, Korean and Thai are looked for letter by letter.
"""

ABROAD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("spamdetected", (
        "als spam", "wegen spam", "spam verdacht", "comme spam", "comme indésirable", "como spam",
        "correo no deseado", "come spam", "jako spam", "als ongewenst", "подозрение на спам", "подозрению в спаме",
        "как спам", "спам",
    )),
    ("mailboxfull", (
        "postfach (ist) voll/überfüllt/ueberfuellt", "mailbox (ist) voll", "postfach * voll/überfüllt",
        "speicherplatz * überschritten/erschöpft", "postfachgröße/postfachgrenze * überschritten",
        "quota überschritten", "speicherplatz des kontos", "boîte/boite * pleine",
        "boîte/boite aux lettres (du_destinataire) (est) pleine", "quota dépassé/depasse", "espace insuffisant",
        "buzón/buzon * lleno", "cuota (de_disco) excedida/superada", "bandeja * llena", "sin espacio",
        "caixa * cheia", "cota excedida", "quota excedida", "casella * piena", "spazio * esaurito",
        "postvak/mailbox * vol", "quotum overschreden", "skrzynka * pełna/przepełniona/zapełniona",
        "przekroczono limit/quota", "ящик * переполнен", "почтовый ящик переполнен", "превышена квота",
        "postlådan/postlåda * full", "postkassen * fuld", "postboksen * full", "postilaatikko * täynnä",
        "γραμματοκιβώτιο * πλήρες", "скринька * переповнена", "căsuța * plină", "hộp thư * đầy",
        "kotak surat * penuh", "صندوق البريد * ممتلئ", "תיבת הדואר * מלאה", "brevlåda * full", "posta kutusu dolu",
        "schránka * plná", "postaláda * megtelt",
    )),
    ("mesgtoobig", (
        "nachricht/mail (ist) zu groß/gross", "maximale größe", "zu große nachricht",
        "message trop volumineux/grand/gros", "taille maximale", "mensaje demasiado grande", "tamaño máximo",
        "excede el tamaño", "mensagem muito grande", "tamanho máximo", "messaggio troppo grande",
        "dimensione massima", "bericht * te groot", "wiadomość * za duża", "слишком большой", "превышает * размер",
        "meddelandet är för stort",
    )),
    ("hasmoved", (
        "neue (email/mail) adresse", "adresse hat sich geändert", "nouvelle adresse", "changé d adresse",
        "nueva dirección", "novo endereço", "nuovo indirizzo", "nieuw adres", "nowy adres", "новый адрес",
    )),
    ("hostunknown", (
        "domain/domäne (existiert) nicht (gefunden)", "domain/domäne * nicht gefunden",
        "dominio * no se ha encontrado/encontró", "domínio * não foi encontrado", "dominio * non è stato trovato",
        "домен * не найден", "domena * nie została znaleziona", "domain existiert nicht",
        "domaine * introuvable/inconnu/inexistant", "dominio * no existe/encontrado", "dominio inexistente",
        "domínio * não existe/encontrado", "il dominio * non esiste", "dominio non trovato",
        "domein * bestaat niet", "domena nie istnieje", "домен не существует/найден", "unbekannte domain",
    )),
    ("suspend", (
        "konto/postfach * deaktiviert/gesperrt/inaktiv",
        "compte * désactivé/desactive/bloqué/bloque/suspendu/inactif", "boîte * désactivée",
        "cuenta * desactivada/suspendida/bloqueada/inactiva", "buzón * desactivado/bloqueado",
        "conta * desativada/suspensa/bloqueada/inativa",
        "account/casella * disattivato/disattivata/sospeso/sospesa/disabilitata/disabilitato",
        "account * geblokkeerd/gedeactiveerd", "konto * zablokowane/zawieszone/nieaktywne",
        "ящик * заблокирован/отключен", "аккаунт * заблокирован", "учетная запись отключена",
    )),
    ("norelaying", (
        "weiterleitung verweigert", "relais refusé/refuse/interdit", "relay * verboten", "retransmisión denegada",
        "пересылка запрещена",
    )),
    ("blocked", (
        "ip adresse * gesperrt/blockiert", "auf * sperrliste", "adresse ip * bloquée/bloquee/refusée/refusee",
        "liste noire", "lista negra", "dirección ip * bloqueada", "endereço ip * bloqueado", "lista nera",
        "zwarte lijst", "czarnej liście", "черный/чёрный список", "черном списке",
    )),
    ("toomanyconn", (
        "zu viele verbindungen", "trop de connexions", "demasiadas conexiones", "muitas conexões",
        "troppe connessioni", "слишком много соединений",
    )),
    ("rejected", (
        "absender (adresse) abgelehnt/unbekannt/ungültig", "emetteur/expéditeur * invalide/refusé/refuse/inconnu",
        "remitente * rechazado/inválido",
    )),
    ("userunknown", (
        "empfänger/empfaenger/nutzer/benutzer/adressat/teilnehmer/empfängeradresse (ist) unbekannt",
        "adressat unbekannt", "unbekannter/unbekannte empfänger/empfaenger/nutzer/benutzer/adresse",
        "adresse existiert nicht", "postfach existiert nicht",
        "empfänger/benutzer/adresse/postfach * nicht gefunden", "nicht gefunden", "empfänger existiert nicht",
        "ungültige/ungueltige adresse/empfängeradresse", "adresse * nicht (mehr) gültig/bekannt/vorhanden",
        "kein postfach", "destinataire/utilisateur/adresse (est) inconnu/inconnue",
        "destinataire (est) invalide/introuvable/inexistant", "adresse * invalide/inexistante/introuvable",
        "existe pas/plus", "no se encontró", "no se ha encontrado", "impossibile trovare", "hittades inte",
        "blev ikke fundet", "ikke blev fundet", "inte hittades", "ble ikke funnet", "ei löytynyt",
        "nebyla nalezena", "nebyl nalezen", "nem található", "bulunamadı", "δεν βρέθηκε", "не знайдено",
        "nu a fost găsită/găsit", "tidak ditemukan", "không tìm thấy", "لم يتم العثور", "לא נמצאה/נמצא",
        "não foi encontrado/encontrada/possível_localizar", "non è stato trovato", "non è stata trovata",
        "niet worden gevonden", "nie można odnaleźć/znaleźć", "nie znaleziono", "не удалось найти",
        "compte inexistant",
        "usuario/destinatario/cuenta/dirección/buzón (de_correo) desconocido/desconocida/inexistente/inválido/inválida",
        "usuario/destinatario/cuenta/dirección/buzón * no existe/encontrado/encontrada/válida",
        "no existe la cuenta/dirección/el_usuario",
        "usuário/usuario/destinatário/conta/endereço * não existe/encontrado/encontrada",
        "usuário/destinatário (é) desconhecido/inexistente/inválido",
        "utente/destinatario/indirizzo/casella * sconosciuto/inesistente/non_trovato/non_valido",
        "utente/indirizzo/casella * non esiste", "gebruiker/ontvanger/adres * onbekend/niet_gevonden/bestaat_niet",
        "onbekende gebruiker/ontvanger", "niet gevonden",
        "użytkownik/odbiorca/adres/konto/adresat * nieznany/nie_istnieje", "nieznany użytkownik/adresat/odbiorca",
        "nie ma takiego", "брак такого користувача",
        "пользователь/получатель/адрес/ящик * не существует/найден/зарегистрирован",
        "нет такого пользователя/ящика/адреса", "неизвестный пользователь/получатель", "не существует",
        "mottagaren/användaren * okänd/finns_inte", "okänd användare/mottagare", "ukendt bruger/modtager",
        "ukjent bruker/mottaker", "tuntematon vastaanottaja/käyttäjä", "böyle bir kullanıcı yok",
        "kullanıcı bulunamadı", "neznámý uživatel/příjemce", "uživatel neexistuje",
        "ismeretlen felhasználó/címzett", "utilizator necunoscut", "άγνωστος χρήστης",
    )),
    ("policyviolation", (
        "aus richtliniengründen", "sicherheitsrichtlinie", "politique de sécurité", "política de seguridad",
        "политикой безопасности",
    )),
    ("networkerror", (
        "hostname nicht auflösbar", "netzwerk nicht erreichbar", "boucle de courrier", "mailschleife",
        "bucle de correo",
    )),
    ("expired", (
        "nicht innerhalb * zugestellt", "zustellung * verzögert", "zeitüberschreitung", "delivery abgelaufen",
        "délai dépassé/depasse", "n a pas pu être remis/livré * dans/pendant", "tiempo de espera",
        "se agotó el tiempo", "tempo limite", "tempo esgotado", "tempo scaduto", "time out van",
        "przekroczono czas", "истекло время", "превышено время", "срок доставки истек",
    )),
    ("spamdetected", ("mail rejete",)),
)  # fmt: skip

UNSPACED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("spamdetected", (
        "迷惑メールと", "スパムと", "垃圾邮件", "垃圾郵件", "스팸", "邮件内容被拒", "内容被拒绝",
    )),
    ("mailboxfull", (
        "メールボックスがいっぱい", "メールボックスの容量", "容量を超え", "容量オーバー", "空き容量", "保存容量",
        "受信容量", "メールボックスが一杯", "邮箱已满", "郵箱已滿", "信箱已滿", "邮箱空间不足", "空间不足",
        "容量已满", "超过配额", "용량이 초과", "용량 초과", "메일함이 가득", "กล่องจดหมายเต็ม",
    )),
    ("mesgtoobig", (
        "メッセージサイズ", "メールサイズ", "サイズが大き", "サイズの制限", "サイズ制限", "邮件过大",
        "邮件大小超过", "郵件過大", "크기를 초과",
    )),
    ("suspend", (
        "利用停止", "停止されて", "休止中", "無効になって", "帐号被禁用", "账户被冻结", "帐户已停用", "邮箱被禁用",
        "邮箱被锁", "已停用", "정지된 계정", "휴면",
    )),
    ("hasmoved", ("アドレスが変更", "アドレスを変更", "地址已变更", "新的邮箱地址")),
    ("hostunknown", (
        "ドメインが存在し", "ドメインが見つか", "ドメイン名が", "域名不存在", "找不到域名", "找不到主机",
        "도메인을 찾을 수 없", "존재하지 않는 도메인",
    )),
    ("filtered", ("受信拒否", "受信を拒否", "ドメイン指定", "被收件人拒", "收件人拒收", "수신 거부", "수신거부")),
    ("userunknown", (
        "宛先が存在し", "宛先のメールアドレスが", "存在しません", "宛先不明", "見つかりませんでした",
        "見つからなかった", "찾을 수 없", "找不到您", "見つかりません", "不明なユーザ", "ユーザが存在",
        "ユーザーが存在", "宛先アドレスに誤り", "该用户不存在", "用户不存在", "收件人不存在", "邮箱不存在",
        "信箱不存在", "帳號不存在", "账户不存在", "帐号不存在", "地址不存在", "无此用户", "查无此人",
        "找不到收件人", "收件人邮件地址", "未开通", "존재하지 않는", "사용자를 찾을 수 없", "없는 사용자",
        "수신자를 찾을 수 없", "ไม่พบผู้ใช้", "ไม่พบที่อยู่", "ไม่มีผู้ใช้",
    )),
    ("blocked", ("ブラックリスト", "接続が拒否", "被列入黑名单", "黑名单", "黑名單", "블랙리스트", "차단된")),
    ("toomanyconn", ("接続数", "发信频率", "连接频率", "发送频率")),
    ("rejected", ("送信元アドレス", "发件人被拒", "发件人地址")),
    ("expired", ("期限切れ", "時間内に配", "タイムアウト", "配信できない状態", "连接超时", "投递超时", "시간이 초과")),
    ("networkerror", ("接続できませんでした", "无法连接", "连接失败", "네트워크 오류")),
)  # fmt: skip
