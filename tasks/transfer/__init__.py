"""Tasks from and to files: CSV, XLSX and JSON lines, a row at a time."""

from pathlib import Path

from core.api.errors import Invalid

FORMATS = (".csv", ".xlsx", ".jsonl")
# Columns before those of a refused row; an import passes them over.
ROW, REASON = "_row", "_reason"


def format_of(path: Path) -> str:
    """The ending of the file's name, which says its format. Raises Invalid."""
    if path.suffix.lower() not in FORMATS:
        raise Invalid(f"{path.name} is none of {', '.join(FORMATS)}")
    return path.suffix.lower()
