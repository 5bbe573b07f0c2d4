"""The states that mailboxes went through: written with each change, kept for 90 days, shown as a strip."""
