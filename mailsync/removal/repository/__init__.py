"""The queries of a removal: what would go, what goes, and what is settled about it."""
