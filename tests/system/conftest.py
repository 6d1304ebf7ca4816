"""One whole installation for all tests of this folder, on the database that the suite runs on."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.installation import Installation, installation


@pytest.fixture(scope="session")
def place() -> Iterator[Installation]:
    with installation(os.environ.get("TEST_DATABASE_URL"), settings="tests.work.settings") as made:
        yield made


@pytest.fixture(scope="module")
def facts(place: Installation) -> dict[str, Any]:
    """What `seed_demo --format json` prints, anew for each file: generated requests delete things."""
    return place.demo()
