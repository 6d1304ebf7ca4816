"""Task categories: what every portal begins with, and how administrators change it."""

import json
from typing import Any

import pytest

from crm.models import Stage, Task, TaskCategory
from tests.conftest import World
from tests.crm.conftest import Portal
from tests.crm.factories import make_task

ICONS = "/Products/CRM/App_Themes/default/images/"
SEEDED = [
    ("Phone call", "call"), ("Opportunity", "deal"), ("Demo", "demo"), ("Email", "email"), ("Fax", "fax"),
    ("Execution control", "follow_up"), ("Lunch", "lunch"), ("Appointment", "meeting"), ("Note", "note"),
    ("Delivery", "ship"), ("Social networks", "social_networks"), ("Expression of gratitude", "thank_you"),
]  # fmt: skip


def answer_of(response: Any) -> Any:
    return json.loads(response.content)["response"]


def test_every_organization_begins_with_the_vendors_categories_and_stages(world: World, portal: Portal) -> None:
    shown = answer_of(portal.get("crm/task/category"))
    assert [(item["title"], item["imagePath"], item["sortOrder"]) for item in shown] == [
        (title, f"{ICONS}task_category_{suffix}.png", place) for place, (title, suffix) in enumerate(SEEDED, start=1)
    ]
    assert list(shown[0]) == ["imagePath", "title", "description", "color", "sortOrder", "id"]
    assert TaskCategory.objects.of(world.other_organization).count() == 12
    stages = answer_of(portal.get("crm/opportunity/stage"))
    assert [(item["title"], item["successProbability"], item["stageType"]) for item in stages] == [
        ("Initial contact", 1, 0), ("Application of initial fit criteria", 2, 0), ("Suspect", 3, 0),
        ("Need assessment", 20, 0), ("Qualified prospect", 50, 0), ("Proposal", 75, 0), ("Negotiations", 90, 0),
        ("Closure/Transaction", 100, 1), ("Unsuccessfully closed", 0, 2),
    ]  # fmt: skip
    assert Stage.objects.of(world.other_organization).count() == 9


def test_a_new_category_goes_last_and_says_only_what_was_sent(portal: Portal) -> None:
    answer = portal.post("crm/task/category", title="Errand", imageName="folder\\sub/task_category_new.png")
    assert answer.status_code == 201
    response = answer_of(answer)
    assert response == {"imagePath": f"{ICONS}task_category_new.png", "title": "Errand", "id": response["id"]}
    assert answer_of(portal.get(f"crm/task/category/{response['id']}")) == {
        "imagePath": f"{ICONS}task_category_new.png", "title": "Errand", "description": "", "color": "",
        "sortOrder": 13,
        "id": response["id"],
    }  # fmt: skip


def test_an_existing_title_answers_the_existing_id_and_writes_nothing(portal: Portal, category: TaskCategory) -> None:
    answer = portal.post("crm/task/category", title="Appointment", description="other", sortOrder=99)
    assert answer.status_code == 201
    assert answer_of(answer) == {
        "imagePath": "", "title": "Appointment", "description": "other", "sortOrder": 99, "id": category.pk,
    }  # fmt: skip
    category.refresh_from_db()
    assert (category.description, category.sort_order, category.image) == ("", 8, "task_category_meeting.png")


def test_an_update_replaces_all_but_the_order(portal: Portal, category: TaskCategory) -> None:
    answer = portal.put(f"crm/task/category/{category.pk}", title="Meeting", sortOrder=99)
    assert answer_of(answer) == {"imagePath": "", "title": "Meeting", "sortOrder": 99, "id": category.pk}
    assert answer_of(portal.get(f"crm/task/category/{category.pk}"))["sortOrder"] == 8


def test_a_category_in_use_keeps_its_words_but_not_its_icon(
    world: World, portal: Portal, category: TaskCategory
) -> None:
    make_task(world.actor(), category=category)
    assert portal.put(f"crm/task/category/{category.pk}", title="Meeting").status_code == 400
    answer = portal.put(f"crm/task/category/{category.pk}/icon", imageName="any text")
    assert answer_of(answer)["imagePath"] == f"{ICONS}any text"
    assert answer_of(answer)["relativeItemsCount"] == 1


def test_a_part_of_the_list_is_put_in_order_and_answers_the_old_numbers(world: World, portal: Portal) -> None:
    answer = portal.put("crm/task/category/reorder", titles=["Lunch", "Fax"])
    assert [(item["title"], item["sortOrder"]) for item in answer_of(answer)] == [("Lunch", 7), ("Fax", 5)]
    stored = TaskCategory.objects.of(world.organization).filter(title__in=["Lunch", "Fax"]).order_by("title")
    assert [(item.title, item.sort_order) for item in stored] == [("Fax", 1), ("Lunch", 0)]
    assert portal.put("crm/task/category/reorder", titles=["Fax", "Nothing"]).status_code == 400
    assert stored[0].sort_order == 1


def test_deleting_moves_the_tasks(world: World, portal: Portal, category: TaskCategory) -> None:
    task = make_task(world.actor(), category=category)
    heir = TaskCategory.objects.of(world.organization).get(title="Fax")
    answer = portal.delete(f"crm/task/category/{category.pk}", newcategoryid=heir.pk)
    assert answer.status_code == 200
    assert answer_of(answer)["id"] == category.pk
    task.refresh_from_db()
    assert task.category == heir
    assert not TaskCategory.objects.filter(pk=category.pk).exists()


def test_an_unused_category_needs_no_heir_and_the_last_one_stays(world: World, portal: Portal) -> None:
    ids = list(TaskCategory.objects.of(world.organization).values_list("pk", flat=True))
    for pk in ids[:-1]:
        assert portal.delete(f"crm/task/category/{pk}").status_code == 200
    answer = portal.delete(f"crm/task/category/{ids[-1]}")
    assert answer.status_code == 400
    assert json.loads(answer.content)["error"]["message"] == "The last task category cannot be deleted"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"filterBy": "title", "filterValue": "lunch"}, ["Lunch"]),
        ({"filterBy": "title", "filterOp": "contains", "filterValue": "on"},
         ["Phone call", "Execution control", "Expression of gratitude"]),
        ({"filterBy": "title", "filterOp": "startsWith", "filterValue": "e,d"},
         ["Demo", "Email", "Execution control", "Delivery", "Expression of gratitude"]),
        ({"filterBy": "title", "filterOp": "endsWith", "filterValue": "X"}, ["Fax"]),
        ({"filterBy": "title", "filterOp": "present", "filterValue": "Ph"}, ["Phone call"]),
        ({"filterBy": "title", "filterOp": "present", "filterValue": "PH"}, []),
        ({"filterBy": "title", "filterOp": "like", "filterValue": "fax"}, ["Fax"]),
        ({"filterBy": "sortOrder", "filterValue": "5"}, ["Fax"]),
        ({"filterBy": "nothing", "filterValue": "5"}, []),
        ({"filterBy": "title", "filterValue": "fax,"}, [title for title, _ in SEEDED]),
        ({"sortBy": "Title", "count": 2}, ["Appointment", "Delivery"]),
        ({"sortBy": "sortorder", "sortOrder": "descending", "count": 1}, ["Expression of gratitude"]),
        ({"startIndex": 11}, ["Expression of gratitude"]),
        ({"count": 0}, []),
        ({"type": "taskCategory", "count": 1}, ["Phone call"]),
        ({"type": "task"}, []),
        ({"updatedSince": "2001-01-01"}, []),
    ],
)  # fmt: skip
def test_lists_without_paging_of_their_own(portal: Portal, query: dict[str, Any], titles: list[str]) -> None:
    assert [item["title"] for item in answer_of(portal.get("crm/task/category", **query))] == titles


def test_the_total_of_such_a_list_is_sent_only_when_it_is_longer_than_a_page(portal: Portal) -> None:
    assert "total" not in json.loads(portal.get("crm/task/category").content)
    envelope = json.loads(portal.get("crm/task/category", count=5, startIndex=2).content)
    envelope.pop("response")
    assert envelope == {"count": 5, "startIndex": 2, "nextIndex": 8, "total": 12, "status": 0, "statusCode": 200}


def test_numbers_of_tasks_are_shown(world: World, portal: Portal, category: TaskCategory) -> None:
    make_task(world.actor(), category=category)
    shown = {item["title"]: item.get("relativeItemsCount") for item in answer_of(portal.get("crm/task/category"))}
    assert shown["Appointment"] == 1
    assert shown["Fax"] is None
    assert Task.objects.count() == 1
