"""What a folder is for: told by the server (SPECIAL-USE, RFC 6154), or else by its name in the world's languages."""

from collections.abc import Sequence

from mailsync.imap.folders import ListedFolder
from storage.models import FolderRole

SPECIAL_USES = {
    "\\Sent": FolderRole.SENT,
    "\\Drafts": FolderRole.DRAFTS,
    "\\Junk": FolderRole.JUNK,
    "\\Trash": FolderRole.TRASH,
    "\\Archive": FolderRole.ARCHIVE,
    "\\All": FolderRole.ALL,
}
NAMES: dict[FolderRole, frozenset[str]] = {
    FolderRole.SENT: frozenset(
        """sent;sent items;sent messages;sent mail;outbox.sent;gesendet;gesendete elemente;gesendete objekte;enviados;
        elementos enviados;itens enviados;mensagens enviadas;correo enviado;envoyés;éléments envoyés;messages envoyés;
        posta inviata;inviata;inviati;verzonden;verzonden items;wysłane;elementy wysłane;odeslaná pošta;odeslané;
        отправленные;надіслані;skickat;skickade objekt;sendt;sendte elementer;lähetetyt;gönderilmiş öğeler;gönderilenler;
        已发送;已发送邮件;寄件備份;送信済み;送信済みメール;보낸편지함;المرسلة;נשלח""".replace("\n", "").split(";")
    ),
    FolderRole.DRAFTS: frozenset(
        """drafts;draft;entwürfe;borradores;rascunhos;brouillons;bozze;concepten;kopie robocze;szkice;koncepty;
        rozepsané;черновики;чернетки;utkast;kladder;luonnokset;taslaklar;草稿;草稿箱;草稿匣;下書き;임시보관함;المسودات;
        טיוטות""".replace("\n", "").split(";")
    ),
    FolderRole.JUNK: frozenset(
        """junk;junk e-mail;junk email;spam;bulk mail;bulk;correo no deseado;lixo eletrônico;lixo electrónico;indésirables;
        courrier indésirable;posta indesiderata;ongewenste e-mail;wiadomości-śmieci;niechciane;nevyžádaná pošta;спам;
        skräppost;søppelpost;uønsket mail;roskaposti;gereksiz e-posta;垃圾邮件;垃圾郵件;迷惑メール;스팸함;spamverdacht;
        unerwünscht""".replace("\n", "").split(";")
    ),
    FolderRole.TRASH: frozenset(
        """trash;deleted;deleted items;deleted messages;bin;papierkorb;gelöscht;gelöschte elemente;gelöschte objekte;
        papelera;elementos eliminados;lixeira;itens excluídos;itens eliminados;corbeille;éléments supprimés;cestino;
        posta eliminata;prullenbak;verwijderde items;kosz;elementy usunięte;koš;odstraněná pošta;корзина;удаленные;
        кошик;papperskorgen;borttaget;papirkurv;slettede elementer;roskakori;çöp kutusu;silinmiş öğeler;已删除;
        已删除邮件;垃圾桶;ゴミ箱;휴지통""".replace("\n", "").split(";")
    ),
    FolderRole.ARCHIVE: frozenset(
        [
            "archive",
            "archives",
            "archiv",
            "archivo",
            "arquivo",
            "arquivo morto",
            "archivio",
            "archief",
            "archiwum",
            "архив",
            "arkiv",
            "arkisto",
            "arşiv",
        ]
    ),
}
NAMES_STRIPPED = {role: frozenset(name.strip() for name in names) for role, names in NAMES.items()}


def roles_of(folders: Sequence[ListedFolder]) -> dict[str, FolderRole]:
    """The role of each folder by name.

    A localised name counts only where the server names no folder for that role, and where it is the only candidate:
    of two folders called “Sent” and “Gesendet” both are just folders.
    """
    roles = {one.name: SPECIAL_USES[one.special_use] for one in folders if one.special_use in SPECIAL_USES}
    taken = set(roles.values())
    for role in NAMES_STRIPPED.keys() - taken:
        candidates = [one.name for one in folders if one.name not in roles and _role_by_name(one) is role]
        if len(candidates) == 1:
            roles[candidates[0]] = role
    for one in folders:
        if one.name.upper() == "INBOX":
            roles[one.name] = FolderRole.INBOX
        roles.setdefault(one.name, FolderRole.OTHER)
    return roles


def _role_by_name(folder: ListedFolder) -> FolderRole | None:
    leaf = folder.name.rsplit(folder.delimiter, 1)[-1] if folder.delimiter else folder.name
    parent = folder.name[: -len(leaf)].rstrip(folder.delimiter or "")
    if parent and parent.upper() not in ("INBOX", "[GMAIL]", "[GOOGLE MAIL]"):
        return None  # “Customers/Sent” is somebody's own folder.
    return next((role for role, names in NAMES_STRIPPED.items() if leaf.casefold() in names), None)
