"""Health checks: /livez says that the process answers, /readyz that it can do its work."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from core.worker import workers_alive

_migrated = False


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated; the worker's state is told, but a missing worker is no outage."""
    problems = _problems()
    body = {"status": "unavailable" if problems else "ok", "problems": problems}
    if not problems:
        body["worker"] = "alive" if workers_alive() else "missing"
    return JsonResponse(body, status=503 if problems else 200)


def _problems() -> list[str]:
    global _migrated  # noqa: PLW0603
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return ["migrations are missing"]
            _migrated = True  # a running program's migrations don't vanish
    except Exception as error:  # noqa: BLE001  (whatever it is, the answer is "not ready")
        return [f"database: {type(error).__name__}"]
    return []
