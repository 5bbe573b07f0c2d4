"""CRM records: contacts, companies, leads, deals, their pipelines and addresses, and the mode the CRM works in.

Everything that comes in or goes out is put on these records by the rooms above; this one knows nothing of mail.
"""
