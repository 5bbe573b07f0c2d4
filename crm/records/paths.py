"""Where records are found in the console and over the API."""

from collections.abc import Mapping

from storage.models import RecordType

PLURALS: Mapping[RecordType, str] = {
    RecordType.CONTACT: "contacts",
    RecordType.COMPANY: "companies",
    RecordType.LEAD: "leads",
    RecordType.DEAL: "deals",
}


def record_path(record: tuple[RecordType, int]) -> str:
    """The page of a record in the console."""
    return f"/{PLURALS[record[0]]}/{record[1]}"
