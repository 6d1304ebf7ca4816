"""Rows that tests of tasks need: hubs, flows, and tasks made through the service."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from core.actor import Actor
from flows.models import Flow
from hubs.models import Hub
from tasks.inputs import input_read
from tasks.models import Task
from tasks.services import task_create


class HubFactory(DjangoModelFactory[Hub]):
    class Meta:
        model = Hub

    name = factory.Sequence(lambda n: f"Hub {n}")
    address = "Jl. Kenanga 1"
    lat = -6.2
    lng = 106.8


def component(key: str, kind: str = "String", **more: Any) -> dict[str, Any]:
    return {"component": "input", "id": key, "type": kind, "title": key, "required": False, "visible": True, **more}


VISIT = [
    {
        "id": "page0",
        "enabled": True,
        "components": [
            component("field1", showAs="title"),
            component("field2", "Address", showAs="content"),
            component("field3", "Geolocation"),
        ],
    },
    {"id": "page1", "title": "Visit", "components": [{"component": "photo", "id": "foto", "min": 0, "max": 3}]},
]


class FlowFactory(DjangoModelFactory[Flow]):
    class Meta:
        model = Flow

    name = factory.Sequence(lambda n: f"Flow {n}")
    pages = VISIT
    configurations = [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}]


def task_make(actor: Actor, hub: Hub, flow: Flow, **body: Any) -> Task:
    """A task as POST /task makes it."""
    task, _ = task_create(actor=actor, given=input_read({"flow": flow.name, "hubId": hub.pk, **body}))
    return task
