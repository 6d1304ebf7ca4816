"""The world of tasks: hub Jakarta and flow Visit of the vendor's pages, a second hub, and an agent at the first."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from flows.models import Flow
from hubs.models import Hub
from tasks.models import Task
from tests.conftest import World
from tests.tasks.factories import FlowFactory, HubFactory, task_make

JAKARTA = "634e98498ce07d29474a7e29"


class Api:
    """MileApp's API as a client calls it: method, path below /api/v3, JSON body."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
        data = "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/api/v3{path}", data, content_type="application/json", **kwargs)


class Yard:
    """Rows of the tests; `api` speaks as the owner."""

    def __init__(self, world: World, client_for: Callable[[User], Client]) -> None:
        self.world = world
        self.client_for = client_for
        self.hub: Hub = HubFactory(
            organization=world.organization,
            pk=JAKARTA,
            name="Jakarta",
            lat=-6.205154152722965,
            lng=106.84667067970608,
        )
        self.other_hub: Hub = HubFactory(organization=world.organization, name="Depo Barat")
        self.flow: Flow = FlowFactory(organization=world.organization, name="Visit")
        self.hub.users.add(world.agent, world.planner)
        self.api = Api(client_for(world.owner))

    def api_of(self, user: User) -> Api:
        return Api(self.client_for(user))

    def task(self, **body: Any) -> Task:
        return task_make(self.world.actor(), self.hub, self.flow, **body)

    def assigned(self, **body: Any) -> Task:
        return self.task(assignee=[self.world.agent.email], **body)

    def body(self, **more: Any) -> dict[str, Any]:
        return {"flow": "Visit", "hubId": JAKARTA, **more}


@pytest.fixture
def yard(world: World, client_for: Callable[[User], Client]) -> Yard:
    return Yard(world, client_for)
