"""Header fields and their values (RFC 5322 §3, RFC 2045, 2047, 2231), however broken."""
