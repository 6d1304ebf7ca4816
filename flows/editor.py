"""What the console's form editor offers for each component: one table, read by flows/static/flows/editor.js."""

from typing import Any

from flows.fields.vocabulary import COMPONENTS, FORBIDDEN_KEYS, INPUT_TYPES, LIST_TYPES, ROUTE_AS, SHOW_AS


def option(key: str, label: str, kind: str, help_text: str = "", **extra: Any) -> dict[str, Any]:
    """kind: text, number, switch, choice (with `choices`), lines (a list, one a line), rows (objects, with `columns`).

    Columns of rows are options themselves, besides pick: some of the component's `options` or of the flow's `ids`.
    """
    return {"key": key, "label": label, "kind": kind, "help": help_text, **extra}


COMMON = [
    option("title", "Title", "text", "What the worker reads."),
    option("id", "Id", "text", "The key of the value in the API; made of the title unless you write one."),
    option("required", "Required", "switch"),
    option("visible", "Visible", "switch", "A hidden component is asked for only when an option shows it."),
    option("default", "Default", "text"),
    option("showAs", "Shown as", "choice", "Which line of the task list shows the value.", choices=SHOW_AS),
    option("routeAs", "In routes", "choice", "What a route plan takes the value for.", choices=ROUTE_AS),
]
# Components without a value of their own have no default and are not required.
VIEW = [item for item in COMMON if item["key"] in {"title", "id", "visible"}]

OPTIONS: dict[str, list[dict[str, Any]]] = {
    "input": [option("type", "Type", "choice", choices=INPUT_TYPES, needed=True)],
    "select": [
        option("options", "Options", "lines", "One option per line."),
        option("min", "At least", "number"),
        option("max", "At most", "number"),
        option("onSelect", "On selection", "rows", "What choosing an option does to other components.", columns=[
            option("options", "When one of these is chosen", "pick", source="options"),
            option("action", "Action", "choice", choices=("show", "hide", "fill"), needed=True),
            option("componentAffected", "Components", "pick", source="ids"),
        ]),
    ],
    "photo": [
        option("min", "At least", "number"),
        option("max", "At most", "number"),
        option("categories", "Categories", "lines", "One category per line."),
        option("watermark", "Watermark", "switch"),
        option("selectGallery", "From the gallery", "switch"),
    ],
    "signature": [],
    "view": [
        option("type", "Type", "choice", choices=(*INPUT_TYPES, "Image"), needed=True),
        option("value", "Shows", "text", "$id of another component, or a text."),
    ],
    "bill": [
        option("addNew", "Worker may add items", "switch"),
        option("masterItems", "Items on offer", "rows", columns=[
            option("name", "Name", "text"), option("unit_price", "Unit price", "number"),
        ]),
        option("masterCosts", "Costs on offer", "rows", columns=[
            option("type", "Type", "choice", choices=("discount", "cost"), needed=True),
            option("name", "Name", "text"), option("amount", "Amount", "number"),
        ]),
    ],
    "list": [
        option("type", "Type", "choice", choices=LIST_TYPES, needed=True),
        option("addNew", "Worker may add items", "switch"),
        option("addNewType", "New items are", "choice", choices=("input", "select")),
        option("addNewData", "Items to choose from", "lines", "One item per line."),
    ],
    "timer": [
        option("autoStart", "Starts by itself", "switch"),
        option("reset", "Can be reset", "switch"),
        option("unpausable", "Can't be paused", "switch"),
    ],
    "voice": [option("maxDuration", "Minutes at most", "number", "0 to 10")],
    "capture": [],
}  # fmt: skip

# Options of one input type only.
TYPE_OPTIONS: dict[str, list[dict[str, Any]]] = {
    "numeric": [option("useUnit", "With a unit", "switch"), option("units", "Units", "lines", "One unit per line.")],
    "geolocation": [
        option("useGeoLock", "Only at the place", "switch"),
        option("radius", "Radius in metres", "number"),
        option("geoLockTrigger", "Checked", "choice", choices=("onTaskStart", "onTaskDone")),
    ],
}


def editor_table() -> dict[str, Any]:
    """Everything that the editor needs to know about components, for its JSON attribute."""
    return {
        "components": COMPONENTS,
        "common": COMMON,
        "view": VIEW,
        "options": OPTIONS,
        "typeOptions": TYPE_OPTIONS,
        "reserved": sorted(FORBIDDEN_KEYS),
    }
