"""The console's pages of the CRM: they open, scope rows, and write through the services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import JournalEntry
from crm.models import Case, Contact, Opportunity, Stage, Task, TaskCategory, TaskTemplate, TaskTemplateContainer
from crm.services import (
    CaseData,
    ContactData,
    TemplateData,
    case_create,
    contact_create,
    container_create,
    template_create,
)
from tests.conftest import World
from tests.crm.factories import make_task

MODELS = [Task, TaskCategory, Contact, Opportunity, Case, Stage, TaskTemplateContainer, TaskTemplate]


@pytest.fixture
def console(world: World, console_for: Callable[..., Client]) -> Client:
    return console_for(world.owner)


@pytest.mark.parametrize("model", MODELS)
def test_every_page_opens(console: Client, world: World, category: TaskCategory, model: Any) -> None:
    actor = world.actor()
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane"))
    make_task(actor, contact_id=contact.pk)
    case_create(actor=actor, data=CaseData(title="Case"))
    container = container_create(actor=actor, title="Set", entity_type=7)
    template_create(actor=actor, container_id=container.pk, data=TemplateData(title="T", category_id=category.pk))
    name = model._meta.model_name
    assert console.get(reverse(f"admin:crm_{name}_changelist"), {"q": "a"}).status_code == 200
    row = model.objects.of(world.organization).first()
    if row is not None:
        assert console.get(reverse(f"admin:crm_{name}_change", args=[row.pk])).status_code == 200
    if model is not Stage:
        assert console.get(reverse(f"admin:crm_{name}_add")).status_code == 200


def test_a_task_is_made_changed_closed_and_deleted_through_the_services(
    console: Client, world: World, category: TaskCategory
) -> None:
    contact = contact_create(actor=world.actor(), data=ContactData(first_name="Jane"))
    case = case_create(actor=world.actor(), data=CaseData(title="Case"))
    values = {
        "title": "From the console", "description": "", "deadline_0": "2030-01-01", "deadline_1": "10:00:00",
        "category": category.pk, "alert_value": 0, "responsible": world.planner.pk, "contact": contact.pk,
        "case": case.pk,
    }  # fmt: skip
    assert console.post(reverse("admin:crm_task_add"), values).status_code == 302
    task = Task.objects.get()
    assert (task.responsible_id, task.contact_id, task.entity_id) == (world.planner.guid, contact.pk, case.pk)
    page = reverse("admin:crm_task_change", args=[task.pk])
    assert console.post(page, values | {"title": "Changed"}).status_code == 302
    chosen = {"action": "close", "_selected_action": [task.pk]}
    assert console.post(reverse("admin:crm_task_changelist"), chosen).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.is_closed) == ("Changed", True)
    assert console.post(reverse("admin:crm_task_delete", args=[task.pk]), {"post": "yes"}).status_code == 302
    entries = JournalEntry.objects.filter(object_type="crm.task").order_by("pk")
    assert [(entry.verb, entry.source) for entry in entries] == [
        ("create", "admin"), ("update", "admin"), ("close", "admin"), ("delete", "admin"),
    ]  # fmt: skip


def test_what_a_service_refuses_is_an_error_of_the_form(console: Client, world: World) -> None:
    used = TaskCategory.objects.of(world.organization)[0]
    make_task(world.actor(), category=used)
    page = reverse("admin:crm_taskcategory_change", args=[used.pk])
    answer = console.post(page, {"title": "Other", "description": "", "image": "x.png", "color": ""})
    assert answer.status_code == 200
    assert b"There are some tasks with this category" in answer.content


def test_rows_of_another_organization_are_not_there(world: World, console_for: Callable[..., Client]) -> None:
    task = make_task(world.actor())
    stranger = console_for(world.outsider)
    assert b"Task" not in stranger.get(reverse("admin:crm_task_changelist")).content.split(b"result-list")[-1]
    assert stranger.get(reverse("admin:crm_task_change", args=[task.pk])).status_code == 302
