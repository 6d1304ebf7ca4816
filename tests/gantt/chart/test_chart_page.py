"""The page /gantt/{project}/ without its script: who gets in, what it is told, what it loads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from gantt import views
from gantt.models import Project
from tests.conftest import World
from tests.gantt.chart.browser import need

PAGE = "/gantt/plan/"


@pytest.fixture
def project(world: World) -> Project:
    return Project.objects.create(
        organization=world.organization,
        name="Plan & <more>",
        slug="plan",
        working_days=[1, 2, 3],
        holidays=["2026-12-25"],
    )


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle_is(monkeypatch, present=True)


def bundle_is(monkeypatch: pytest.MonkeyPatch, *, present: bool) -> None:
    monkeypatch.setattr(views.finders, "find", lambda _path: "chart.js" if present else None)


def attribute(html: str, name: str) -> str:
    match = re.search(rf'data-{name}="([^"]*)"', html)
    assert match, name
    return match[1]


def test_it_asks_for_a_login_and_comes_back(project: Project, client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert response.headers["Location"] == "/admin/login/?next=/gantt/plan/"


@pytest.mark.usefixtures("project", "built")
@pytest.mark.parametrize("path", [PAGE, PAGE.rstrip("/")])
def test_it_names_the_project_and_where_its_routes_are(world: World, client: Client, path: str) -> None:
    client.force_login(world.owner)
    response = client.get(path)
    html = response.text
    assert "Plan &amp; &lt;more&gt;" in html
    assert attribute(html, "base") == "/gantt/plan"
    assert attribute(html, "workdays") == "1 2 3"
    assert attribute(html, "holidays") == "2026-12-25"
    assert response.cookies["csrftoken"].value


@pytest.mark.usefixtures("project", "built")
@pytest.mark.parametrize(
    ("user", "rights"),
    [
        ("owner", "add_task change_task delete_task add_link change_link delete_link"),
        ("planner", "add_task change_task delete_task add_link change_link delete_link"),
        ("agent", "change_task"),
        ("viewer", ""),
    ],
)
def test_it_is_told_what_the_user_may_change(world: World, client: Client, user: str, rights: str) -> None:
    client.force_login(getattr(world, user))
    assert attribute(client.get(PAGE).text, "rights") == rights


@pytest.mark.usefixtures("project", "built")
def test_only_users_of_the_console_are_led_into_it(world: World, client: Client) -> None:
    client.force_login(world.agent)
    assert attribute(client.get(PAGE).text, "task-url") == ""


@pytest.mark.usefixtures("project", "built")
@pytest.mark.parametrize("path", [PAGE, "/gantt/nothing/"])
def test_a_foreign_project_is_as_unknown_as_none(world: World, client: Client, path: str) -> None:
    client.force_login(world.outsider)
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such project." in response.text
    assert "Plan" not in response.text


@pytest.mark.usefixtures("project", "built")
def test_a_user_without_the_right_to_see_tasks_is_refused(world: World, client: Client) -> None:
    world.viewer.groups.clear()
    client.force_login(world.viewer)
    response = client.get(PAGE)
    assert response.status_code == 403
    assert "data-base" not in response.text


@pytest.mark.usefixtures("project")
def test_without_the_bundle_it_says_in_one_sentence_what_is_missing(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle_is(monkeypatch, present=False)
    client.force_login(world.owner)
    response = client.get(PAGE)
    assert response.status_code == 200
    assert views.NOT_BUILT in response.text
    assert views.NOT_BUILT.count(". ") == 0
    assert "chart.js" not in response.text


@pytest.mark.usefixtures("project", "built")
def test_nothing_on_it_comes_from_elsewhere_or_runs_inline(world: World, client: Client) -> None:
    client.force_login(world.owner)
    response = client.get(PAGE)
    sources = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"', response.text)
    assert sources
    assert all(source.startswith(("/static/", "data:,")) for source in sources)
    assert re.search(r"<script(?![^>]*src=)", response.text) is None
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.usefixtures("project", "built")
def test_it_costs_few_queries(world: World, client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(world.owner)
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)


def test_what_is_missing_skips_a_browser_test_but_fails_it_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="the browser tests need a browser"):
        need(present=False, what="a browser")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="the browser tests need a browser"):
        need(present=False, what="a browser")
    need(present=True, what="a browser")


@pytest.mark.usefixtures("project", "built")
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_for_reading(world: World, client: Client, method: str) -> None:
    client.force_login(world.owner)
    assert getattr(client, method)(PAGE).status_code == 405


@pytest.fixture
def bundle() -> Iterator[Path]:
    found = finders.find(views.BUNDLE)
    if not found:
        pytest.skip("the chart bundle is not built (make install, with Node.js)")
    return Path(found).parent


def test_the_bundles_styles_load_nothing_from_elsewhere(bundle: Path) -> None:
    styles = (bundle / "chart.css").read_text()
    assert "@font-face" not in styles
    assert set(re.findall(r"url\(\"?([a-z]+:)", styles)) == {"data:"}


def test_the_bundle_carries_the_notices_of_what_is_inside(bundle: Path) -> None:
    notices = (bundle / "LICENSES.txt").read_text()
    for package in (
        "@svar-ui/react-gantt 2.7.3 (MIT)",
        "@svar-ui/gantt-data-provider 2.7.2 (MIT)",
        "react 18.3.1 (MIT)",
    ):
        assert package in notices
    assert "XB Software" in notices
    assert "Facebook" in notices


def test_the_lock_file_names_no_download_address() -> None:
    lock = Path(views.__file__).parent / "frontend" / "package-lock.json"
    assert "registry" not in lock.read_text()
    assert '"resolved"' not in lock.read_text()
