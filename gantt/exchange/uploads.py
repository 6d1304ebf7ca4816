"""Uploaded plans: they wait in the storage until somebody confirms the preview, and long ones for the worker."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.actor import Actor
from core.api.errors import Conflict
from gantt.models import Project

from . import format_of, read_plan
from .merge import Changes
from .plan import Plan
from .services import plan_load

FOLDER = "gantt/imports"
# Seconds for which a preview can be confirmed.
MAX_AGE = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and what was looked at: the import of it into this version of this project, with so many rows to write."""

    path: str
    name: str
    replace: bool
    project: int
    version: int
    size: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def fits(self, project: Project) -> bool:
        return (self.project, self.version) == (project.pk, project.version)

    def read(self) -> bytes:
        """Raises FileNotFoundError once it has been swept."""
        with default_storage.open(self.path) as file:
            return file.read()

    def plan(self) -> Plan:
        return read_plan(self.read(), format_of(self.name))


def upload_keep(data: bytes) -> str:
    """Put a file into the storage; its path."""
    return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))


def upload_load(*, actor: Actor, project: Project, upload: Upload) -> Changes:
    """Import what was looked at, and drop the file.

    Raises Conflict when the project is no longer as it was then, and what plan_load and the reader raise.
    """
    if not upload.fits(project):
        raise Conflict(f"{upload.name} is not imported: project {project.slug} has changed since the preview")
    changes = plan_load(actor=actor, project=project, plan=upload.plan(), replace_all=upload.replace)
    default_storage.delete(upload.path)
    return changes


def uploads_sweep(now: datetime) -> int:
    """Delete the files that nobody can confirm any more; how many."""
    if not default_storage.exists(FOLDER):
        return 0
    paths = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    old = [path for path in paths if now - default_storage.get_modified_time(path) > timedelta(seconds=MAX_AGE)]
    for path in old:
        default_storage.delete(path)
    return len(old)
