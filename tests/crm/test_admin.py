"""The console's pages of the CRM: they open, scope rows, and write through the services."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import JournalEntry
from crm.models import Case, Contact, Opportunity, Stage, Task, TaskCategory, TaskTemplate, TaskTemplateContainer
from crm.services import (
    CaseData,
    ContactData,
    OpportunityData,
    TemplateData,
    case_create,
    contact_create,
    container_create,
    opportunity_create,
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


@pytest.mark.parametrize("kind", ["contact", "opportunity", "case"])
def test_tasks_are_made_from_templates_on_a_record(
    console: Client, world: World, category: TaskCategory, kind: str
) -> None:
    actor = world.actor()
    stage = Stage.objects.of(world.organization)[0]
    deal = OpportunityData(title="Deal", responsible_id=world.owner.guid, stage_id=stage.pk, bid_currency="USD")
    rows = {
        "contact": contact_create(actor=actor, data=ContactData(first_name="Jane")),
        "opportunity": opportunity_create(actor=actor, data=deal),
        "case": case_create(actor=actor, data=CaseData(title="Case")),
    }
    containers = {name: container_create(actor=actor, title=name, entity_type=number) for name, number in KINDS.items()}
    for title, ticks, fixed in (("a", 864_000_000_000, False), ("b", 864_000_000_000 + 36_000_000_000 * 9, True)):
        data = TemplateData(title=title, category_id=category.pk, offset_ticks=ticks, deadline_is_fixed=fixed)
        template_create(actor=actor, container_id=containers[kind].pk, data=data)
    page = reverse(f"admin:crm_{kind}_create_tasks", args=[rows[kind].pk])
    dialog = console.get(page).content.decode()
    assert [name for name in KINDS if f">{name}<" in dialog] == [kind]
    answer = console.post(page, {"container": containers[kind].pk, "_form_submitted": "True"})
    assert answer.headers["HX-Refresh"] == "true"
    first, second = Task.objects.order_by("title")
    assert timedelta(hours=23, minutes=59) < first.deadline - timezone.now() <= timedelta(days=1)
    # A fixed deadline is nine o'clock tomorrow in the organization's zone.
    local = second.deadline.astimezone(world.organization.zone)
    assert (local.hour, local.minute) == (9, 0)
    expected = {"contact": (rows["contact"].pk, None, 0)}.get(kind, (0, KINDS[kind], rows[kind].pk))
    assert {(task.contact_id, task.entity_type, task.entity_id) for task in (first, second)} == {expected}


KINDS = {"contact": 0, "opportunity": 1, "case": 7}


def test_categories_are_dragged_into_order(console: Client, world: World) -> None:
    categories = list(TaskCategory.objects.of(world.organization))
    make_task(world.actor(), category=categories[0])
    form: dict[str, Any] = {"form-TOTAL_FORMS": 12, "form-INITIAL_FORMS": 12, "_save": "Save"}
    for place, category in enumerate(categories):
        form |= {f"form-{place}-id": category.pk, f"form-{place}-sort_order": 12 - place}
    assert console.post(reverse("admin:crm_taskcategory_changelist"), form).status_code == 302
    assert list(TaskCategory.objects.of(world.organization)) == categories[::-1]
    assert JournalEntry.objects.filter(verb="reorder", source="admin").count() == 12


def test_planners_look_at_categories_only(world: World, console_for: Callable[..., Client]) -> None:
    console = console_for(world.planner)
    category = TaskCategory.objects.of(world.organization)[0]
    assert console.get(reverse("admin:crm_taskcategory_changelist")).status_code == 200
    assert console.get(reverse("admin:crm_taskcategory_add")).status_code == 403
    page = reverse("admin:crm_taskcategory_change", args=[category.pk])
    assert console.post(page, {"title": "x", "image": "x"}).status_code == 403


def test_closing_many_tasks_passes_over_what_is_not_ones_own(world: World, console_for: Callable[..., Client]) -> None:
    mine, other = make_task(world.actor(), responsible_id=world.planner.guid), make_task(world.actor())
    console = console_for(world.planner)
    chosen = {"action": "close", "_selected_action": [mine.pk, other.pk]}
    answer = console.post(reverse("admin:crm_task_changelist"), chosen, follow=True)
    assert b"1 tasks are not yours to edit" in answer.content
    assert [task.is_closed for task in Task.objects.order_by("pk")] == [True, False]


def test_contacts_and_records_are_found_by_typing(console: Client, world: World) -> None:
    contact = contact_create(actor=world.actor(), data=ContactData(first_name="Jane"))
    case_create(actor=world.actor(), data=CaseData(title="Janitor"))
    for model, field, found in (("opportunity", "contact", "Jane"), ("case_members", "case", "Janitor")):
        query = {"app_label": "crm", "model_name": model, "field_name": field, "term": "jan"}
        results = console.get(reverse("admin:autocomplete"), query).json()["results"]
        assert [row["text"] for row in results] == [found]
    page = console.get(reverse("admin:crm_task_add")).content.decode()
    assert 'data-field-name="contact"' in page
    assert contact.display_name not in page


def test_a_template_is_due_after_days_and_hours(console: Client, world: World, category: TaskCategory) -> None:
    container = container_create(actor=world.actor(), title="Set", entity_type=7)
    values = {
        "container": container.pk,
        "title": "T",
        "description": "",
        "category": category.pk,
        "due_after": "3 09:00:00",
    }
    assert console.post(reverse("admin:crm_tasktemplate_add"), values).status_code == 302
    template = TaskTemplate.objects.get()
    assert template.offset_ticks == (3 * 24 + 9) * 36_000_000_000
    page = console.get(reverse("admin:crm_tasktemplate_change", args=[template.pk])).content
    assert b'value="3 09:00:00"' in page
    assert (
        b"3 days, 9:00:00"
        in console.get(reverse("admin:crm_tasktemplatecontainer_change", args=[container.pk])).content
    )
