"""Which records a viewer reaches, by name: what tasks, activities and posts are shown with."""

from crm.access.reach.repository import Key, RecordLink, record_links, require_records

__all__ = ["Key", "RecordLink", "record_links", "require_records"]
