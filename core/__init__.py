"""What every other package may lean on: settings, logging, errors, clock, secrets, address keys.

Nothing here knows mail servers, databases or CRM records.
"""
