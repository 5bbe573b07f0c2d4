"""HTML of mail: as text that reads well, and safe to show."""
