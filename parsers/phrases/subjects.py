"""What mail programs put before a subject, by language and program."""

REPLY_PREFIXES = (
    "re", "aw", "antw", "antwort", "sv", "vs", "odp", "odg", "res", "ref", "rif", "r", "rép", "rep", "ynt",
    "yanıt", "bls", "ats", "atb", "на", "отв", "отг", "від", "вiдп", "відп", "відповідь", "ha", "vl", "vá",
    "вн", "απ", "σχετ", "σχ", "تر", "رد", "תגובה", "השב", "回复", "回覆", "答复", "答覆", "回信", "返信",
    "답장", "회신", "ตอบ", "पुनः", "bal", "yht", "svar", "tr re", "re aw", "odpověď", "odpoveď", "resp",
    "respuesta", "réf", "ответ", "rv re", "răsp", "tl", "trả lời", "përg", "vast",
)  # fmt: skip
FORWARD_PREFIXES = (
    "fwd", "fw", "wg", "tr", "rv", "enc", "doorst", "vb", "vs", "vl", "pd", "i", "inoltro", "továbbítás", "ilt",
    "i̇lt", "ilet", "i̇let", "yml", "fs", "redir", "videresend", "vidarebefordrat", "转发", "轉寄", "轉發",
    "転送", "전달", "пересл", "переслано", "пересылка", "пер", "fwd re", "προωθ", "πρθ", "הועבר", "إعادة توجيه",
    "ส่งต่อ", "weitergeleitet", "wtr", "trans", "reenv", "reenviado", "enc re", "vidarebef", "prosl",
    "prosleđeno", "pren", "i̇leti", "továbbítva", "tov", "lähet", "ml", "μεταβ", "fwd fwd", "doorgestuurd",
    "przek", "přep", "prep", "wtrlt", "pdl", "chuyển tiếp", "trs", "redirecționare",
)  # fmt: skip
# One letter alone is a prefix only before a colon and only for these, or every "A: b" would be one.
