"""Roles and departments: what they give, who has them, and whose rights come of it."""
