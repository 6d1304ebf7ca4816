"""Who gets in: tokens, sessions, rights, other organizations, other sites."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessToken
from gantt import services
from gantt.models import Project, Task
from tests.conftest import World
from tests.gantt.conftest import Chart

READS = ("/tasks", "/tasks/1", "/links", "/links/1", "/resources", "/assignments", "/assignments/1")
WRITES = (
    ("post", "/tasks"), ("put", "/tasks/1"), ("delete", "/tasks/1"), ("post", "/links"), ("put", "/links/1"),
    ("delete", "/links/1"), ("post", "/assignments"), ("put", "/assignments/1"), ("delete", "/assignments/1"),
    ("post", "/batch"),
)  # fmt: skip
EVERY = [*(("get", path) for path in READS), *WRITES]


# --- credentials


@pytest.mark.parametrize("base", ["", "/gantt/plan"])
@pytest.mark.parametrize("token", [None, "wrong", "'; DROP TABLE--"])
def test_no_or_a_wrong_token_is_401_in_json(plan: Project, token: str | None, base: str) -> None:
    chart = Chart(token, base)
    for method, path in EVERY:
        assert list(chart.send(method, path, {})) == ["error"]
        assert chart.status == 401
        assert chart.response.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_is_401(world: World, chart: Chart) -> None:
    AccessToken.objects.all().delete()
    chart.get("/tasks")
    assert chart.status == 401


# --- rights

NOT_FOR_AGENTS = {"add", "copy", "delete", "link", "link update", "link delete", "assign", "assign update"}


@pytest.mark.parametrize(
    ("group", "refused"),
    [
        ("owner", set()),
        ("planner", set()),
        ("agent", NOT_FOR_AGENTS),
        ("viewer", NOT_FOR_AGENTS | {"update", "move"}),
    ],
)
def test_rights_by_group(
    world: World, chart: Chart, chart_for: Any, plan: Project, group: str, refused: set[str]
) -> None:
    a, b, c, d = (chart.add(text) for text in "abcd")
    link = chart.link(a, b)
    person = services.resource_create(actor=world.actor(), project=plan, name="Alice").pk
    row = chart.post("/assignments", {"task": a, "resource": person})["id"]
    requests: dict[str, tuple[str, str, Any]] = {
        "add": ("post", "/tasks", {"text": "new"}),
        "update": ("put", f"/tasks/{a}", {"text": "new"}),
        "move": ("put", f"/tasks/{a}", {"operation": "move", "mode": "down"}),
        "copy": ("put", f"/tasks/{a}", {"operation": "copy", "mode": "after", "target": b}),
        "link": ("post", "/links", {"source": c, "target": d}),
        "link update": ("put", f"/links/{link}", {"lag": 1}),
        "link delete": ("delete", f"/links/{link}", None),
        "assign": ("post", "/assignments", {"task": b, "resource": person}),
        "assign update": ("put", f"/assignments/{row}", {"units": 5}),
        "delete": ("delete", f"/tasks/{a}", None),
    }
    someone = chart_for(getattr(world, group))
    for name, request in requests.items():
        answer = someone.send(*request)
        assert someone.status == (403 if name in refused else 200), (name, answer)
        if name in refused:
            assert list(answer) == ["error"]
    for path in ("/tasks", "/links", "/resources", "/assignments", f"/tasks/{b}"):
        someone.get(path)
        assert someone.status == 200


def test_nobody_without_a_group_sees_anything(world: World, chart: Chart, chart_for: Any) -> None:
    world.viewer.groups.clear()
    stranger = chart_for(world.viewer)
    for method, path in EVERY:
        stranger.send(method, path, {})
        assert stranger.status in {403, 404}, (method, path)


# --- other organizations


def test_another_organizations_rows_are_unknown(world: World, chart: Chart, chart_for: Any, plan: Project) -> None:
    a, b = chart.add("a"), chart.add("b")
    link = chart.link(a, b)
    person = services.resource_create(actor=world.actor(), project=plan, name="Alice").pk
    row = chart.post("/assignments", {"task": a, "resource": person})["id"]
    services.project_create(actor=world.actor(world.outsider), name="Theirs", slug="plan")
    for base in ("", "/gantt/plan"):
        outsider = chart_for(world.outsider, base)
        mine = outsider.add("mine")
        for method, path, body in (
            ("get", f"/tasks/{a}", None), ("put", f"/tasks/{a}", {"text": "x"}), ("delete", f"/tasks/{a}", None),
            ("put", f"/tasks/{a}", {"operation": "move", "mode": "up"}),
            ("put", f"/tasks/{mine}", {"operation": "move", "mode": "child", "target": a}),
            ("put", f"/tasks/{a}", {"operation": "copy", "mode": "after", "target": mine}),
            ("put", f"/tasks/{mine}", {"operation": "copy", "mode": "after", "target": a}),
            ("post", "/tasks", {"text": "x", "parent": a}),
            ("post", "/tasks", {"task": {}, "mode": "after", "target": a}),
            ("get", f"/links/{a}", None), ("post", "/links", {"source": a, "target": b}),
            ("post", "/links", {"source": mine, "target": b}), ("put", f"/links/{link}", {"lag": 1}),
            ("delete", f"/links/{link}", None), ("get", f"/assignments/{a}", None),
            ("post", "/assignments", {"task": mine, "resource": person}), ("put", f"/assignments/{row}", {"units": 1}),
            ("delete", f"/assignments/{row}", None),
        ):  # fmt: skip
            answer = outsider.send(method, path, body)
            assert (outsider.status, list(answer)) == (404, ["error"]), (method, path, body)
        for path in ("/links", "/resources", "/assignments"):
            assert outsider.get(path) == []
        unknown = outsider.put("/tasks/999999", {"text": "x"})["error"].replace("999999", str(a))
        assert outsider.put(f"/tasks/{a}", {"text": "x"})["error"] == unknown
    assert chart.outline() == "a\nb"
    assert len(chart.get("/links")) == 1


def test_another_organizations_project_is_unknown(world: World, plan: Project, chart_for: Any) -> None:
    outsider = chart_for(world.outsider, "/gantt/plan")
    assert outsider.get("/tasks") == {"error": "project plan not found"}
    assert outsider.status == 404


# --- sessions

OWN = "http://testserver"


@pytest.fixture
def browser(world: World, plan: Project) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.planner, backend="accounts.backends.GroupBackend")
    return browser


def test_a_session_reads(browser: Client) -> None:
    assert browser.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    ("headers", "content_type", "status"),
    [
        ({}, "application/json", 403),
        ({"origin": "https://evil.example"}, "application/json", 403),
        ({"origin": "null"}, "application/json", 403),
        ({"origin": OWN}, "text/plain", 403),
        ({"origin": OWN}, "application/x-www-form-urlencoded", 403),
        ({"x-csrftoken": "wrong" * 8}, "application/json", 403),
        ({"origin": OWN}, "application/json", 200),
        ({"origin": OWN}, "application/json; charset=utf-8", 200),
        ({"origin": "https://trusted.example"}, "application/json", 200),
    ],
)
def test_a_session_writes_from_its_own_pages_only(
    browser: Client, settings: Any, headers: dict[str, str], content_type: str, status: int
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
    response = browser.post("/tasks", b'{"text": "a"}', content_type=content_type, headers=headers)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    assert Task.objects.count() == (status == 200)
    assert list(response.json()) == (["id"] if status == 200 else ["error"])


def test_a_session_writes_with_a_csrf_token(browser: Client, world: World) -> None:
    browser.get("/admin/")
    token = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else "a" * 32
    browser.cookies["csrftoken"] = token
    for method in ("post", "put", "delete"):
        path = "/tasks" if method == "post" else f"/tasks/{Task.objects.get().pk}"
        response = getattr(browser, method)(
            path, b'{"text": "a"}', content_type="application/json", headers={"x-csrftoken": token}
        )
        assert response.status_code == 200, response.content
        if method != "delete":
            refused = getattr(browser, method)(path, b"{}", content_type="application/json")
            assert refused.status_code == 403


def test_a_bearer_token_needs_no_csrf_protection(world: World, plan: Project) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {world.token(world.planner)}"})
    response = browser.post(
        "/tasks", {"text": "a"}, content_type="application/json", headers={"origin": "https://evil.example"}
    )
    assert response.status_code == 200


# --- other sites

SITE = "https://plan.example"


@pytest.fixture
def shared(world: World, plan: Project) -> Project:
    origins = f"{SITE}\nhttp://localhost:5173"
    return services.project_update(actor=world.actor(), project=plan, allowed_origins=origins)


PATHS = [
    f"{base}{path}"
    for base in ("", "/gantt/plan", "/gantt/plan/", "/gantt//plan")
    for path in (
        "/tasks",
        "/tasks/5",
        "/tasks/temp://1795188523429",
        "/links/5",
        "/resources",
        "/assignments",
        "/batch",
    )
]


def test_a_preflight_needs_no_credentials(shared: Project, client: Client) -> None:
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "content-type"}
    for path in PATHS:
        response = client.options(path, headers={"origin": SITE, **asked})
        assert response.status_code == 204, path
        assert response.content == b""
        headers = response.headers
        assert headers["Access-Control-Allow-Origin"] == SITE
        assert headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, DELETE, OPTIONS"
        assert headers["Access-Control-Allow-Headers"] == "content-type, authorization, x-client-id, x-csrftoken"
        assert headers["Access-Control-Max-Age"] == "7200"
        assert "Origin" in headers["Vary"]


STRANGERS = [
    "https://evil.example", "https://plan.example.evil.example", "plan.example", "null", "https://plan.exampl", "*",
    "https://PLAN.example/x", "http://[", "https://plan.example\x00", "%", "",
]  # fmt: skip


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_site_that_is_not_allowed_learns_nothing(shared: Project, client: Client, origin: str) -> None:
    response = client.options("/tasks", headers={"origin": origin, "access-control-request-method": "GET"})
    assert response.status_code == 204
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_answers_and_errors_carry_the_origin(world: World, shared: Project, chart_for: Any) -> None:
    for someone in (chart_for(world.planner, "/gantt/plan"), chart_for(None, "/gantt/plan")):
        for method, path in [*EVERY, ("patch", "/tasks")]:
            someone.send(method, path, {}, origin=SITE)
            assert someone.response.headers["Access-Control-Allow-Origin"] == SITE, (method, path, someone.status)
            someone.send(method, path, {}, origin="https://evil.example")
            assert "Access-Control-Allow-Origin" not in someone.response.headers


def test_origins_are_allowed_by_project(world: World, shared: Project, client: Client) -> None:
    services.project_create(actor=world.actor(), name="Other", slug="other")
    response = client.options("/gantt/other/tasks", headers={"origin": SITE})
    assert "Access-Control-Allow-Origin" not in response.headers


# --- addresses


@pytest.mark.parametrize(
    "path",
    ["/tasks", "/tasks/", "/gantt/plan/tasks", "/gantt/plan//tasks", "//gantt//plan//tasks//", "/gantt/plan/tasks/"],
)
def test_slashes_make_no_difference_and_no_redirect(chart: Chart, path: str) -> None:
    row = chart.add("a")
    # The test client takes what follows two slashes for a host, as a browser would.
    response = chart.client.generic("GET", "/", PATH_INFO=path)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b'[{"id":%d' % row)
    item = f"{path.rstrip('/')}//{row}"
    changed = chart.client.generic("PUT", "/", b'{"text": "b"}', "application/json", PATH_INFO=item)
    assert changed.json() == {"id": row}


@pytest.mark.parametrize(
    "path",
    ["/events", "/gantt/plan/events", "/gantt/plan/nothing", "/gantt/plan/tasks2", "/gantt/", "/gantt/a/b/c/tasks"],
)
def test_unknown_routes_are_404_in_json(chart: Chart, path: str) -> None:
    assert list(chart.get(path)) == ["error"]
    assert chart.status == 404
    assert chart.response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/tasks", "GET, POST"),
        ("patch", "/tasks/1", "GET, PUT, DELETE"),
        ("post", "/tasks/1", "GET, PUT, DELETE"),
        ("get", "/batch", "POST"),
        ("delete", "/links", "GET, POST"),
    ],
)
def test_other_methods_are_405_in_json(chart: Chart, method: str, path: str, allowed: str) -> None:
    assert list(chart.send(method, path, {})) == ["error"]
    assert chart.status == 405
    assert [
        name for name in chart.response.headers["Allow"].split(", ") if name not in {"HEAD", "OPTIONS"}
    ] == allowed.split(", ")
