"""Imports of files: rows become tasks as if they had been posted, a chunk per transaction."""

import hashlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.api.errors import AppError, Conflict, Invalid
from flows.models import Flow
from hubs.models import Hub
from tasks.inputs import TaskInput, input_read
from tasks.models import TaskImport
from tasks.services.creation import Catalogue, tasks_create
from tasks.transfer.read import Row, body_reader, source_open
from tasks.transfer.write import RefusedFile

CHUNK = 1000


def file_import(
    *,
    actor: Actor,
    path: Path,
    flow: Flow,
    hub: Hub | None = None,
    dry_run: bool = False,
    again: bool = False,
    progress: Callable[[int, int], None] = lambda done, size: None,
) -> TaskImport:
    """Create a task of `flow` from each row, at the hub that the row names, else at `hub`.

    Refused rows go into `<file>.refused.csv` (or .jsonl) with their reasons. An import that was interrupted goes on
    where it stopped; one that is finished is refused unless `again`. With `dry_run` nothing is stored, and the file
    of refused rows says what would be refused. `progress` is told how far the file is read. Raises Forbidden, Invalid,
    Conflict, OSError.
    """
    actor.require("tasks.add_task")
    source = source_open(path)
    run = TaskImport(organization=actor.organization) if dry_run else _begin(actor, path, flow, hub, again=again)
    body = body_reader(flow, dict(Hub.objects.of(actor.organization).values_list("name", "pk")))
    refused = RefusedFile(path, source.columns, length=run.refused_bytes)
    default = {"hubId": hub.pk} if hub else {}
    catalogue = Catalogue(actor)
    rows = islice(source.rows, run.position, None)
    try:
        while chunk := list(islice(rows, CHUNK)):
            inputs = [_input(row, lambda row: {**default, **body(row)}) for row in chunk]
            _chunk_import(actor, run, chunk, inputs, refused, catalogue, dry_run=dry_run)
            progress(source.position(), source.size)
    except UnicodeDecodeError:
        raise Invalid(f"{path.name} is not UTF-8 text after row {run.position}.") from None
    return _end(run, dry_run=dry_run)


def _begin(actor: Actor, path: Path, flow: Flow, hub: Hub | None, *, again: bool) -> TaskImport:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    key = hashlib.sha256(f"{content} {flow.pk} {hub.pk if hub else ''}".encode()).hexdigest()
    runs = TaskImport.objects.of(actor.organization)
    if again:
        runs.filter(key=key).delete()
    run, _ = runs.get_or_create(key=key, defaults={"organization": actor.organization, "filename": path.name[:255]})
    if run.finished_time is not None:
        raise Conflict(f"{path.name} was imported on {run.finished_time:%Y-%m-%d %H:%M} UTC.")
    return run


def _input(row: Row, body: Callable[[dict], dict]) -> TaskInput | AppError:
    if isinstance(row, Invalid):
        return row
    try:
        return input_read(body(row))
    except AppError as error:
        return error


def _chunk_import(
    actor: Actor,
    run: TaskImport,
    rows: list[Row],
    inputs: list[TaskInput | AppError],
    refused: RefusedFile,
    catalogue: Catalogue,
    *,
    dry_run: bool,
) -> None:
    with transaction.atomic():
        results = tasks_create(actor=actor, inputs=inputs, catalogue=catalogue)
        failed = [
            (number, row, result.message)
            for number, (row, result) in enumerate(zip(rows, results, strict=True), start=run.position + 1)
            if isinstance(result, AppError)
        ]
        begun, run.position = run.position, run.position + len(rows)
        run.created += len(rows) - len(failed)
        run.refused += len(failed)
        if failed:
            run.refused_bytes = refused.add(failed)
        if dry_run:
            transaction.set_rollback(True)
        elif not TaskImport.objects.filter(pk=run.pk, position=begun).update(
            position=run.position, created=run.created, refused=run.refused, refused_bytes=run.refused_bytes
        ):
            raise Conflict("The file is being imported by somebody else.")


def _end(run: TaskImport, *, dry_run: bool) -> TaskImport:
    run.finished_time = timezone.now()
    if not dry_run:
        run.save(update_fields=["finished_time"])
    return run
