"""Uploaded plans that wait for somebody to confirm the preview."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.storage import default_storage

FOLDER = "gantt/imports"
# Seconds for which a preview can be confirmed.
MAX_AGE = 3600


def uploads_sweep(now: datetime) -> int:
    """Delete the files that nobody can confirm any more; how many."""
    if not default_storage.exists(FOLDER):
        return 0
    paths = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    old = [path for path in paths if now - default_storage.get_modified_time(path) > timedelta(seconds=MAX_AGE)]
    for path in old:
        default_storage.delete(path)
    return len(old)
