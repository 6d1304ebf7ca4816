"""The pages of config/: what they say, and how many queries they take."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core import journal
from core.models import Job

QUERIES = {
    "/": 0,
    "/favicon.ico": 0,
    "/livez": 0,
    "/readyz": 2,
    "/metrics": 2,
    "/docs/": 0,
    "/docs/mileapp/": 0,
    "/docs/mileapp/openapi.json": 0,
}


@pytest.mark.parametrize("path", QUERIES)
def test_the_number_of_queries_of_open_pages(client, db, settings, django_assert_num_queries, path):
    settings.METRICS = True
    # Migrations are looked at once in each process, documents are made once.
    client.get(path)

    with django_assert_num_queries(QUERIES[path]):
        assert client.get(path).status_code in (200, 302)


# Session and user are among them; cards of the dashboard are one count each.
CONSOLE = {
    "admin:index": 11,
    "admin:accounts_user_changelist": 8,
    "admin:accounts_organization_changelist": 6,
    "admin:accounts_accesstoken_changelist": 6,
    "admin:accounts_accesskey_changelist": 6,
    "admin:core_journalentry_changelist": 8,
    "admin:core_job_changelist": 6,
}


@pytest.mark.parametrize("name", CONSOLE)
def test_the_number_of_queries_of_console_pages(world, console_for, django_assert_num_queries, name):
    client = console_for(world.owner)
    world.token(world.owner)
    few = reverse(name)
    client.get(few)

    with django_assert_num_queries(CONSOLE[name]):
        assert client.get(few).status_code == 200
    # More rows, the same queries.
    for user in (world.planner, world.agent, world.viewer):
        world.token(user)
        journal.record(actor=world.actor(), verb="update", obj=user)
        Job.objects.create(organization=world.organization, name="tests.none", run_at=timezone.now())
    with django_assert_num_queries(CONSOLE[name]):
        client.get(few)


def test_the_dashboard_says_where_one_is_and_what_waits(world, console_for):
    page = console_for(world.owner).get(reverse("admin:index")).content.decode()

    assert re.search(r"<title>\s*Dashboard \| Taskyard\s*</title>", page)
    assert "Site administration" not in page
    assert "No background worker is running" in page


def test_the_dashboard_shows_what_has_changed_but_not_all_values_of_new_rows(world, console_for):
    actor = world.actor()
    journal.record(actor=actor, verb="create", obj=world.agent, changes={"title": ["", "Fresh"]})
    journal.record(actor=actor, verb="update", obj=world.agent, changes={"title": ["Fresh", "Seasoned"]})
    page = console_for(world.owner).get(reverse("admin:index")).content.decode()

    assert "<del>Fresh</del>" in page
    assert "Seasoned" in page
    assert page.count("Fresh") == 1


def test_the_description_of_the_apis_is_html(client, db):
    page = client.get("/docs/").content.decode()

    assert "<code>Authorization: Bearer &lt;token&gt;</code>" in page
    assert "`" not in page


@pytest.mark.parametrize(("query", "text"), [("", "No task imports yet"), ("?q=x", "Nothing matches")])
def test_an_empty_list_says_why_it_is_empty(world, console_for, query, text):
    page = console_for(world.owner).get(reverse("admin:tasks_taskimport_changelist") + query).content.decode()

    assert re.search(text, page)


def test_metrics_are_gauges_of_workers_and_jobs(client, db, settings):
    settings.METRICS = True
    Job.objects.create(name="tests.none", run_at=timezone.now())
    answer = client.get("/metrics")

    assert answer["Content-Type"].startswith("text/plain")
    assert "taskyard_workers_alive 0.0" in answer.content.decode()
    assert 'taskyard_jobs{state="waiting"} 1.0' in answer.content.decode()
