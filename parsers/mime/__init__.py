"""The tree of MIME parts and their transfer encodings (RFC 2045, 2046)."""
