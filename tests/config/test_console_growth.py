"""Pages of the console ask the database as often for many rows as for few."""

from typing import Any

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.groups import OWN_APPS
from tests.config.console_rows import rows_more

# Pages of other people's packages (locked log-ins, the queue) are not for administrators of an organization.
MODELS = [model for model in admin.site._registry if model._meta.app_label in OWN_APPS]
MORE = 3
# What a row more in the tables of a page costs: each draws the choice of what it points at by itself.
EACH_ROW = {
    "crm_tasktemplatecontainer_change": 1,  # category of a template
    "gantt_task_change": 2,  # other task of a link, resource of an assignment
    "soc_workspace_change": 1,  # user of an approver
}


def test_pages_take_no_more_queries_for_more_rows(world: Any, console_for: Any) -> None:
    client = console_for(world.owner)
    rows_more(world)
    paths = pages()
    for path in paths.values():
        client.get(path)  # fills what the process keeps
    few = {name: queries(client, path) for name, path in paths.items()}
    for _ in range(MORE):
        rows_more(world)
    many = {name: queries(client, path) for name, path in paths.items()}
    allowed = {name: few[name] + MORE * EACH_ROW.get(name, 0) for name in few}
    assert {name: (few[name], many[name]) for name in few if many[name] > allowed[name]} == {}


def pages() -> dict[str, str]:
    """{name: path} of the change list, the add page and the first row's page of every model."""
    found = {}
    for model in MODELS:
        stem = f"{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add", "change"):
            arguments = [model._default_manager.order_by("pk")[0].pk] if page == "change" else []
            found[f"{stem}_{page}"] = reverse(f"admin:{stem}_{page}", args=arguments)
    return found


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
    # Some rows are not made by hand.
    assert answer.status_code == 200 or (path.endswith("/add/") and answer.status_code == 403), path
    return len(found)
