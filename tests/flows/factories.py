from typing import Any

import factory
from factory.django import DjangoModelFactory

from flows.models import Flow
from tests.factories import OrganizationFactory


def component(key: str = "field1", kind: str = "String", **keys: Any) -> dict[str, Any]:
    """An input component as it is stored."""
    return {"component": "input", "id": key, "type": kind, "title": key, "required": False, **keys}


def pages(*components: dict[str, Any], worker: tuple[dict[str, Any], ...] = ()) -> list[dict[str, Any]]:
    """A page0 with these components, and a page1 with those of `worker`."""
    first = {"id": "page0", "enabled": True, "components": list(components)}
    return [first, {"id": "page1", "title": "Work", "components": list(worker)}] if worker else [first]


class FlowFactory(DjangoModelFactory[Flow]):
    class Meta:
        model = Flow

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Flow {n}")
    pages = factory.LazyFunction(lambda: pages(component(showAs="title")))
    configurations = factory.LazyFunction(
        lambda: [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}]
    )
    order_index = factory.Sequence(lambda n: n + 1)
    created_by = updated_by = "rani@example.com"
