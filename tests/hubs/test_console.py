"""The console's pages of hubs, teams and members."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from core.models import JournalEntry
from hubs.models import Hub, Team
from tests.hubs.factories import HubFactory, TeamFactory

HUB = {"name": "Depo Timur", "address": "Jl. Kenanga 1", "lat": "-6.2", "lng": "106.8", "country_code": "ID"}


def page(model: str, what: str, *args: Any) -> str:
    return reverse(f"admin:hubs_{model}_{what}", args=args)


@pytest.fixture
def hub(world: Any) -> Hub:
    return HubFactory(organization=world.organization, name="Kota Tua", users=[world.agent])


def test_pages_open_for_those_who_may_see_them(world: Any, console_for: Any, hub: Hub) -> None:
    team = TeamFactory(hub=hub, users=[world.agent])
    rows = (("hub", hub.pk), ("team", team.pk), ("member", world.agent.pk))
    for user in (world.owner, world.planner, world.viewer):
        console = console_for(user)
        for model, key in rows:
            assert console.get(page(model, "changelist")).status_code == 200
            assert console.get(page(model, "change", key)).status_code == 200
    assert console_for(world.viewer).get(page("hub", "add")).status_code == 403


def test_lists_search_filter_and_sort(world: Any, console_for: Any, hub: Hub) -> None:
    TeamFactory(hub=hub)
    console = console_for(world.owner)
    for model, query in (
        ("hub", "q=kota"), ("hub", "o=5"), ("team", f"hub__id__exact={hub.pk}"), ("team", "q=team"),
        ("member", f"hubs__id__exact={hub.pk}"), ("member", "is_active__exact=1&q=agent"),
    ):  # fmt: skip
        assert console.get(f"{page(model, 'changelist')}?{query}").context["cl"].result_count == 1


def test_a_hub_is_made_changed_and_deleted_through_its_form(world: Any, console_for: Any) -> None:
    console = console_for(world.planner)
    assert console.post(page("hub", "add"), HUB).status_code == 302
    hub = Hub.objects.get()
    assert (hub.organization, list(hub.users.all())) == (world.organization, [world.planner])
    assert console.post(page("hub", "change", hub.pk), HUB | {"name": "Depo Barat"}).status_code == 302
    assert Hub.objects.get().name == "Depo Barat"
    assert {entry.source for entry in JournalEntry.objects.all()} == {"admin"}
    assert console.post(page("hub", "delete", hub.pk), {"post": "yes"}).status_code == 302
    assert not Hub.objects.exists()


def test_what_the_service_refuses_is_an_error_of_the_form(world: Any, console_for: Any, hub: Hub) -> None:
    console = console_for(world.owner)
    response = console.post(page("hub", "add"), HUB | {"name": "Kota Tua"})
    assert response.context["adminform"].form.errors == {"name": ["Kota Tua has already been taken."]}
    response = console.post(page("hub", "add"), HUB | {"lat": "91"})
    assert "lat" in response.context["adminform"].form.errors
    response = console.post(page("hub", "delete", hub.pk), {"post": "yes"}, follow=True)
    assert "The hub has users or done tasks and cannot be deleted." in response.content.decode()
    assert Hub.objects.count() == 1


def test_a_team_is_made_and_changed_through_its_form(world: Any, console_for: Any, hub: Hub) -> None:
    console = console_for(world.owner)
    assert console.post(page("team", "add"), {"name": "Tim Pagi", "hub": hub.pk}).status_code == 302
    team = Team.objects.get()
    response = console.post(page("team", "change", team.pk), {"name": "Tim Malam", "hub": hub.pk})
    assert response.status_code == 302
    assert Team.objects.get().name == "Tim Malam"
    foreign = HubFactory(organization=world.other_organization)
    response = console.post(page("team", "add"), {"name": "Tim", "hub": foreign.pk})
    assert "hub" in response.context["adminform"].form.errors


def test_hubs_and_teams_of_a_member_are_set_through_the_form(world: Any, console_for: Any, hub: Hub) -> None:
    other = HubFactory(organization=world.organization)
    team, foreign = TeamFactory(hub=other), HubFactory(organization=world.other_organization)
    console, change = console_for(world.planner), page("member", "change", world.agent.pk)
    assert console.post(change, {"hubs": [other.pk], "teams": [team.pk]}).status_code == 302
    assert list(world.agent.hubs.all()) == [other]
    assert list(world.agent.teams.all()) == [team]
    assert JournalEntry.objects.get().changes["hubs"] == [[hub.pk], [other.pk]]
    response = console.post(change, {"hubs": [hub.pk], "teams": [team.pk]})
    assert response.status_code == 200
    assert "of the user" in response.content.decode()
    response = console.post(change, {"hubs": [foreign.pk]})
    assert "hubs" in response.context["adminform"].form.errors
    assert list(world.agent.hubs.all()) == [other]


def test_a_members_history_is_that_of_the_user(world: Any, console_for: Any, hub: Hub) -> None:
    console = console_for(world.planner)
    console.post(page("member", "change", world.agent.pk), {"hubs": [], "teams": []})
    journal = console.get(page("member", "history", world.agent.pk)).context["journal"]
    assert [(entry.verb, entry.changes["hubs"]) for entry in journal] == [("update", [[hub.pk], []])]


def test_hubs_are_found_by_typing_in_the_own_organization_only(world: Any, console_for: Any, hub: Hub) -> None:
    query = "/admin/autocomplete/?app_label=hubs&model_name=team&field_name=hub&term=kota"
    assert console_for(world.owner).get(query).json()["results"] == [{"id": hub.pk, "text": "Kota Tua"}]
    assert console_for(world.outsider).get(query).json()["results"] == []


def test_only_administrators_remove_members(world: Any, console_for: Any) -> None:
    path = page("member", "delete", world.agent.pk)
    assert console_for(world.planner).post(path, {"post": "yes"}).status_code == 403
    assert User.objects.get(pk=world.agent.pk).is_active
    console = console_for(world.owner)
    assert console.post(path, {"post": "yes"}).status_code == 302
    assert not User.objects.get(pk=world.agent.pk).is_active
    assert console.get(page("member", "changelist")).context["cl"].result_count == 2


def test_no_page_shows_another_organizations_rows(world: Any, console_for: Any, hub: Hub) -> None:
    team = TeamFactory(hub=hub, name="Tim Pagi", users=[world.agent])
    HubFactory(organization=world.other_organization, users=[world.outsider])
    console = console_for(world.outsider)
    for model, key in (("hub", hub.pk), ("team", team.pk), ("member", world.agent.pk)):
        text = console.get(page(model, "changelist")).content.decode()
        assert not [word for word in ("Kota Tua", "Tim Pagi", "agent@example.com") if word in text]
        assert console.get(page(model, "change", key)).status_code == 302
        assert console.post(page(model, "delete", key), {"post": "yes"}).status_code == 302
    text = console.get(page("member", "change", world.outsider.pk)).content.decode()
    assert not [word for word in ("Kota Tua", "Tim Pagi") if word in text]
    assert Hub.objects.filter(pk=hub.pk).exists()
