"""The queries of actions on mail."""
