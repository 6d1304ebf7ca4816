"""One request of each kind that the protocol knows, for the small plan of the fixture `sample`."""

from typing import Any

DAYS = {"start": "2024-04-02 00:00:00", "end": "2024-04-05 00:00:00", "duration": 3}
TEMP = "temp://1795187042639"

# (method, path, what tells two requests of a route apart) → (statements, body). In each: the token and the project; in
# each write also BEGIN (here a savepoint), the project's lock, the journal and COMMIT.
REQUESTS: dict[tuple[str, str, str], tuple[int, Any]] = {
    ("get", "tasks", ""): (3, None),
    ("post", "tasks", "child"): (8, {"task": {"text": "n", **DAYS}, "mode": "child", "target": "top"}),
    ("post", "tasks", "after"): (8, {"task": {"text": "n", **DAYS}, "mode": "after", "target": "leaf"}),
    ("post", "tasks", "root"): (8, {"task": {"text": "n", **DAYS}}),
    ("post", "tasks", "temporary id"): (9, {"task": {"id": TEMP, **DAYS}, "mode": "child", "target": "top"}),
    ("post", "tasks", "no start"): (9, {"task": {"text": "n"}, "mode": "child", "target": "top"}),
    ("get", "tasks/{top}", ""): (3, None),
    ("put", "tasks/{leaf}", "update"): (8, {"text": "new", **DAYS}),
    ("put", "tasks/{leaf}", "nothing new"): (6, {"text": "leaf"}),
    ("put", "tasks/{leaf}", "move"): (9, {"operation": "move", "mode": "after", "target": "other"}),
    ("put", "tasks/{leaf}", "move elsewhere"): (10, {"operation": "move", "mode": "child", "target": "far"}),
    ("put", "tasks/{leaf}", "up"): (10, {"operation": "move", "mode": "up"}),
    ("put", "tasks/{top}", "copy"): (9, {"operation": "copy", "mode": "after", "target": "far"}),
    ("put", "tasks/{top}", "copy a branch"): (
        13, {"operation": "copy", "mode": "after", "target": "far", "lazy": True},
    ),
    ("delete", "tasks/{top}", ""): (12, None),
    ("get", "links", ""): (4, None),
    ("post", "links", ""): (11, {"source": "leaf", "target": "far"}),
    ("get", "links/{top}", ""): (4, None),
    ("put", "links/{link}", ""): (12, {"lag": 2}),
    ("delete", "links/{link}", ""): (8, None),
    ("get", "resources", ""): (3, None),
    ("get", "assignments", ""): (3, None),
    ("post", "assignments", ""): (9, {"task": "other", "resource": "resource", "units": 50}),
    ("get", "assignments/{top}", ""): (4, None),
    ("put", "assignments/{assignment}", ""): (10, {"units": 20}),
    ("delete", "assignments/{assignment}", ""): (8, None),
    ("post", "batch", ""): (
        11, [{"url": "tasks/{leaf}", "method": "PUT", "data": {"text": text}} for text in ("x", "y")],
    ),
    ("get", "schedule", ""): (4, None),
    ("post", "schedule", ""): (10, None),
    ("get", "baselines", ""): (3, None),
    ("post", "baselines", ""): (10, {"name": "Now"}),
    ("get", "baselines/{baseline}", ""): (5, None),
    ("delete", "baselines/{baseline}", ""): (9, None),
}  # fmt: skip


def filled(body: Any, ids: dict[str, int]) -> Any:
    """The body with the ids in place of the names of rows."""
    if isinstance(body, list):
        return [{**request, "url": request["url"].format(**ids)} for request in body]
    if isinstance(body, dict):
        return {
            key: ids[value] if key in {"target", "source", "task", "resource"} and isinstance(value, str) else value
            for key, value in body.items()
        }
    return body
