"""HTML of mail for people: as text that reads well, and as HTML that is safe to show."""

from parsers.html_sanitize import SanitizedHtml, sanitize_html
from parsers.html_text import text_of_html

__all__ = ["SanitizedHtml", "sanitize_html", "text_of_html"]
