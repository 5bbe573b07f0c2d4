"""Stored mail that is judged anew, and what came of that, in the database."""
