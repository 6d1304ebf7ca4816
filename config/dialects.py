"""Which dialect answers below which path, also where there is no route; the first match counts."""

from importlib import import_module
from importlib.util import find_spec

from core.api.dialect import Dialect

_PATHS = (
    (r"/api/v3(/|$)", "hubs.api.dialect", "MileApp"),
    (r"(?i:/api/2\.0(/|$))", "crm.api.dialect", "OnlyOffice"),
    (r"/v[13](/|$)", "soc.api.dialect", "SecMaster"),
    (r"/+(tasks|links|resources|assignments|batch|events|gantt)(/|$)", "gantt.api.dialect", "SvarGantt"),
)


def _dialects() -> tuple[tuple[str, type[Dialect]], ...]:
    return tuple(
        (pattern, getattr(import_module(module), name)) for pattern, module, name in _PATHS if find_spec(module)
    )


DIALECTS = _dialects()
