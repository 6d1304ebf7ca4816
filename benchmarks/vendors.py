"""The five operations of each dialect as requests, from the facts of `seed_demo --format json`."""

from collections.abc import Callable
from typing import Any

from benchmarks.client import Link, Request

Make = Callable[[int], Request]
# Reads first: what a write adds would make some of them longer.
OPERATIONS = ("page", "filter", "read", "update", "create")


def mileapp(link: Link, facts: dict[str, Any]) -> dict[str, Make]:
    base, headers = facts["base"], {"Authorization": f"Bearer {facts['token']}"}
    listed = Request("GET", f"{base}/tasks?limit=200&status=UNASSIGNED&flow=Load%20flow%201", headers)
    rows = link.ask(listed).json()["tasks"]["data"]
    kept = ("flow", "hubId", "field2", "startTime", "endTime")
    bodies = [(row["_id"], {key: row[key] for key in kept}) for row in rows]
    hub = bodies[0][1]["hubId"]

    def update(number: int) -> Request:
        task_id, body = bodies[number % len(bodies)]
        return Request("PUT", f"{base}/task/{task_id}", headers, {**body, "field1": f"Customer {number}"})

    return {
        "create": lambda n: Request("POST", f"{base}/task", headers, {**bodies[0][1], "field1": f"Customer {n}"}),
        "update": update,
        "read": lambda n: Request("GET", f"{base}/task/{bodies[n % len(bodies)][0]}", headers),
        "page": lambda n: Request("GET", f"{base}/tasks?limit=50", headers),
        "filter": lambda n: Request("GET", f"{base}/tasks?limit=50&status=ONGOING&hubId={hub}", headers),
    }


def onlyoffice(link: Link, facts: dict[str, Any]) -> dict[str, Make]:
    base, headers = f"{facts['base']}/crm/task", {"Authorization": facts["token"]}
    rows = link.ask(Request("GET", f"{base}/filter?count=200&isClosed=false", headers)).json()["response"]
    ids = [row["id"] for row in rows]
    category = facts["category_id"]

    def body(number: int) -> dict[str, Any]:
        return {
            "title": f"Call customer {number}",
            "deadline": "2027-01-15T10:00:00.0000000Z",
            "responsibleId": facts["responsible_id"],
            "categoryId": category,
        }

    return {
        "create": lambda n: Request("POST", base, headers, body(n)),
        "update": lambda n: Request("PUT", f"{base}/{ids[n % len(ids)]}", headers, body(n)),
        "read": lambda n: Request("GET", f"{base}/{ids[n % len(ids)]}", headers),
        "page": lambda n: Request("GET", f"{base}/filter?count=50", headers),
        "filter": lambda n: Request("GET", f"{base}/filter?count=50&isClosed=false&categoryId={category}", headers),
    }


def secmaster(link: Link, facts: dict[str, Any]) -> dict[str, Make]:
    base = f"/v1/{facts['project_id']}/workspaces/{facts['workspace_id']}/soc/tasks"
    headers = {"X-Auth-Token": facts["token"]}
    rows = link.ask(Request("GET", f"{base}?limit=100", headers)).json()["data"]
    ids = [row["id"] for row in rows]

    def create(number: int) -> Request:
        return Request("POST", base, headers, {"name": f"Alert {number}", "business_type": "PLAYBOOKNODEAPPROVE"})

    def update(number: int) -> Request:
        comment = {"action": "ADD_COMMENT", "comment": f"Looked at it, round {number}"}
        return Request("PUT", f"{base}/{ids[number % len(ids)]}", headers, comment)

    return {
        "create": create,
        "update": update,
        "read": lambda n: Request("GET", f"{base}/{ids[n % len(ids)]}", headers),
        "page": lambda n: Request("GET", f"{base}?limit=50", headers),
        "filter": lambda n: Request(
            "GET", f"{base}?limit=50&query_type=all_handled&sort_key=update_time&sort_dir=DESC", headers
        ),
    }


def gantt(link: Link, facts: dict[str, Any]) -> dict[str, Make]:
    """Writes and reads in the project of the facts. The protocol reads no single row and filters nothing; a page is the
    branch of up to a hundred rows that a chart loads when it is opened."""
    base, headers = f"{facts['base']}/gantt/{facts['project']}/tasks", {"Authorization": f"Bearer {facts['token']}"}
    rows = link.ask(Request("GET", base, headers)).json()
    phase = next(row["parent"] for row in reversed(rows) if row["parent"])
    ids = [row["id"] for row in rows if row["parent"] == phase]

    def body(number: int) -> dict[str, Any]:
        return {"text": f"Task {number}", "start": "2026-06-10 00:00:00", "end": "2026-06-13 00:00:00", "duration": 3}

    return {
        "create": lambda n: Request(
            "POST", base, headers, {"task": body(n), "target": rows[-1]["id"], "mode": "after"}
        ),
        "update": lambda n: Request("PUT", f"{base}/{ids[n % len(ids)]}", headers, body(n)),
        "page": lambda n: Request("GET", f"{base}/{phase}", headers),
    }


def peer(base: str, facts: dict[str, Any], end: str) -> dict[str, Make]:
    """The two yardsticks: the same five operations on `base`; `end` is what a path of theirs ends with."""
    headers, ids = {"Authorization": f"Token {facts['token']}"}, facts["ids"]

    def body(number: int) -> dict[str, Any]:
        return {
            "organization": facts["organization"], "hub": facts["hub"], "flow": facts["flow"],
            "title": f"Customer {number}", "values": {"field1": f"Customer {number}", "field2": "Jl. Melati 8"},
            "start_time": "2026-06-10T08:00:00Z", "end_time": "2026-06-11T08:00:00Z",
        }  # fmt: skip

    return {
        "create": lambda n: Request("POST", f"{base}{end}", headers, body(n)),
        "update": lambda n: Request("PUT", f"{base}/{ids[n % len(ids)]}{end}", headers, body(n)),
        "read": lambda n: Request("GET", f"{base}/{ids[n % len(ids)]}{end}", headers),
        "page": lambda n: Request("GET", f"{base}{end}", headers),
        "filter": lambda n: Request("GET", f"{base}{end}?status=ONGOING&hub={facts['hub']}", headers),
    }


DIALECTS = {"mileapp": mileapp, "onlyoffice": onlyoffice, "secmaster": secmaster, "gantt": gantt}
