"""Share links: an address that works by itself, for an unmodified widget on another site."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.api.errors import Forbidden, Invalid
from core.models import JournalEntry
from gantt import services
from gantt.models import Project, ShareLink
from tests.conftest import World
from tests.gantt.conftest import Chart


def share(world: World, plan: Project, access: str = "edit", **more: Any) -> tuple[ShareLink, Chart]:
    row, secret = services.share_create(
        actor=world.actor(world.planner), project=plan, name="Builders", access=access, **more
    )
    return row, Chart(None, f"/gantt/s/{secret}")


def test_its_base_address_is_all_that_a_provider_needs(world: World, plan: Project, chart: Chart) -> None:
    _, guest = share(world, plan)
    row = guest.add("by a guest")
    other = guest.add("other")
    guest.link(row, other)
    guest.put(f"/tasks/{row}", {"operation": "move", "mode": "down"})
    guest.put(f"/tasks/{row}", {"operation": "copy", "mode": "after", "target": row})
    assert guest.outline() == chart.outline() == "other\nby a guest\nby a guest"
    assert len(guest.get("/links")) == 1
    assert guest.get("/resources") == guest.get("/assignments") == []
    assert guest.delete(f"/tasks/{row}") == {}
    assert guest.post("/batch", [{"url": "tasks", "method": "POST", "data": {}}])
    assert guest.status == 200


def test_a_base_address_with_a_slash_at_the_end_works(world: World, plan: Project) -> None:
    _, guest = share(world, plan)
    guest.base += "/"
    assert guest.get("/tasks") == []
    assert guest.add("a")


def test_looking_is_not_changing(world: World, plan: Project, chart: Chart) -> None:
    row = chart.add("a")
    _, guest = share(world, plan, "read")
    assert guest.outline() == "a"
    for method, path, body in (
        ("post", "/tasks", {}), ("put", f"/tasks/{row}", {"text": "b"}), ("delete", f"/tasks/{row}", None),
        ("put", f"/tasks/{row}", {"operation": "copy", "mode": "after"}),
        ("post", "/links", {"source": row, "target": row}),
        ("post", "/batch", [{"url": "tasks", "method": "POST", "data": {}}]),
    ):  # fmt: skip
        guest.send(method, path, body)
        assert guest.status == 403
    assert chart.outline() == "a"


def test_it_opens_one_project_only(world: World, plan: Project) -> None:
    _, guest = share(world, plan)
    other = services.project_create(actor=world.actor(), name="Other", slug="other")
    task = services.task_create(actor=world.actor(), project=other, values={"text": "there"})
    guest.put(f"/tasks/{task.pk}", {"text": "x"})
    assert guest.status == 404
    guest.base = "/gantt/other"
    guest.get("/tasks")
    assert guest.status == 401


@pytest.mark.parametrize("secret", ["wrong", "x" * 43, "x" * 5000, "%00", "..", "'"])
def test_an_unknown_secret_is_404(plan: Project, secret: str) -> None:
    guest = Chart(None, f"/gantt/s/{secret}")
    assert list(guest.get("/tasks")) == ["error"]
    assert guest.status == 404


def test_it_ends_when_it_is_revoked(world: World, plan: Project) -> None:
    row, guest = share(world, plan)
    assert guest.get("/tasks") == []
    assert services.share_revoke(actor=world.actor(), share=row)
    assert not services.share_revoke(actor=world.actor(), share=row)
    guest.get("/tasks")
    assert guest.status == 404


def test_it_ends_at_its_time(world: World, plan: Project) -> None:
    _, guest = share(world, plan, expires_at=timezone.now() + timedelta(days=1))
    assert guest.get("/tasks") == []
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        guest.get("/tasks")
        assert guest.status == 404


def test_it_can_do_no_more_than_who_made_it(world: World, plan: Project) -> None:
    _, guest = share(world, plan)
    world.planner.groups.clear()
    guest.get("/tasks")
    assert guest.status == 403
    world.planner.is_active = False
    world.planner.save()
    guest.get("/tasks")
    assert guest.status == 404


def test_only_the_hash_of_the_secret_is_stored(world: World, plan: Project) -> None:
    row, guest = share(world, plan)
    secret = guest.base.rpartition("/")[2]
    stored = ShareLink.objects.values().get(pk=row.pk)
    assert secret not in str(stored)
    assert secret not in str(list(JournalEntry.objects.values()))
    assert len(stored["secret_hash"]) == 64


def test_the_journal_tells_guests_from_users(world: World, plan: Project) -> None:
    _, guest = share(world, plan)
    guest.add("a")
    entry = JournalEntry.objects.get(object_type="gantt.task")
    assert entry.actor_name == "Planner (share link Builders)"
    assert entry.user == world.planner


def test_who_may_make_one(world: World, plan: Project) -> None:
    for user in (world.viewer, world.agent):
        with pytest.raises(Forbidden):
            services.share_create(actor=world.actor(user), project=plan, name="x")
    for bad in ({"access": "admin"}, {"expires_at": timezone.now()}):
        with pytest.raises(Invalid):
            services.share_create(actor=world.actor(), project=plan, name="x", **bad)


def test_another_site_may_use_it_if_the_project_allows_the_site(world: World, plan: Project) -> None:
    services.project_update(actor=world.actor(), project=plan, allowed_origins="https://plan.example")
    _, guest = share(world, plan)
    for origin, allowed in (("https://plan.example", True), ("https://evil.example", False)):
        response = guest.client.options(f"{guest.base}/tasks", headers={"origin": origin})
        assert response.status_code == 204
        assert ("Access-Control-Allow-Origin" in response.headers) is allowed
        guest.get("/tasks", origin=origin)
        assert ("Access-Control-Allow-Origin" in guest.response.headers) is allowed
        guest.post("/tasks", {"progress": 500}, origin=origin)
        assert guest.status == 400
        assert ("Access-Control-Allow-Origin" in guest.response.headers) is allowed


def test_reading_takes_three_queries(world: World, plan: Project, django_assert_num_queries: Any) -> None:
    _, guest = share(world, plan)
    guest.get("/tasks")
    with django_assert_num_queries(3):  # share link with its project and maker, the maker's groups, rows
        guest.get("/tasks")
