"""What programs put where a picture should be described; nobody wrote it, and nobody wants to read it."""

MACHINE_MADE = (
    "automatically generated", "ai-generated content", "automatisch generierte", "ki-generierte inhalte",
    "automatisch gegenereerde", "générée automatiquement", "généré automatiquement", "généré par l'ia",
    "generada automáticamente", "generado automáticamente", "generado por ia", "generata automaticamente",
    "generato automaticamente", "gerada automaticamente", "gerado automaticamente", "wygenerowany automatycznie",
    "automaticky generovan", "automatiskt genererad", "automatisk generert", "automatisk genereret",
    "автоматически созданное", "自動的に生成された", "自动生成", "자동 생성",
)  # fmt: skip
"""How Office says, in lower case, that it has described a picture itself."""

FILE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".svg", ".tif", ".tiff", ".heic")
PLACEHOLDERS = frozenset(
    {"image", "img", "picture", "photo", "spacer", "pixel", "bild", "foto", "zdjęcie", "imagen", "immagine"}
)
"""Whole descriptions, in lower case, that describe nothing."""
