"""Flow definitions and the values of tasks against them, as plain data: no models, no requests."""

from flows.fields.definition import configurations_clean, pages_clean
from flows.fields.example import task_example, times_default
from flows.fields.values import holds, shown_as, values_clean, visible_ids
from flows.fields.vocabulary import RESERVED_KEYS, RESERVED_NAMES, components_of, kind_of

__all__ = [
    "RESERVED_KEYS",
    "RESERVED_NAMES",
    "components_of",
    "configurations_clean",
    "holds",
    "kind_of",
    "pages_clean",
    "shown_as",
    "task_example",
    "times_default",
    "values_clean",
    "visible_ids",
]
