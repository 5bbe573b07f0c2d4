"""The database behind files on records."""
