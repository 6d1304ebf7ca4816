"""Whatever is sent to the routes of the OpenAPI documents: no 500, and no answer outside the document."""

import os
import re
import time
import warnings

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as openapi_checks

from config.docs import VENDORS

pytestmark = pytest.mark.xdist_group("system")

CHECKS = [
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
SHORT = int(os.environ.get("FUZZ_EXAMPLES", "4"))
SOAK_SECONDS = float(os.environ.get("SOAK_MINUTES", "30")) * 60
# Log-ins and users are left to random ids: a run that locks itself out proves nothing.
RISKY = re.compile(r"/user|/people|password|authentication|/auth/")


@pytest.fixture(scope="module")
def url(place, facts):
    server, url = place.serve(workers=2)
    yield url
    place.kill(server)


def credentials(vendor, facts):
    token = facts[vendor]["token"]
    return {"X-Auth-Token": token} if vendor == "secmaster" else {"Authorization": f"Bearer {token}"}


def known_ids(vendor, facts):
    """Path parameter → ids that exist, so that requests get past the first look-up."""
    if vendor == "mileapp":
        mile = facts["mileapp"]
        return {"hub": mile["hub_id"], "task": mile["task_id"], "flow": mile["flow"], "name": mile["flow"]}
    if vendor == "secmaster":
        soc = facts["secmaster"]
        return {"project": soc["project_id"], "workspace": soc["workspace_id"], "task": soc["task_id"]}
    if vendor == "gantt":
        return {"project": "demo", "row": "20"}
    return {"": 1}


def with_known_ids(case, known):
    for name in case.path_parameters or {}:
        value = next((known[key] for key in known if name.lower().startswith(key)), None)
        if value is not None:
            case.path_parameters[name] = value


class Sender:
    """Sends generated requests of one operation and holds its answers against the document."""

    def __init__(self, vendor, url, facts, operation):
        self.url, self.operation = url, operation
        self.headers, self.known = credentials(vendor, facts), known_ids(vendor, facts)
        self.safe = operation.method != "delete" and not RISKY.search(operation.path)

    def send(self, case, real):
        if real and self.safe:
            with_known_ids(case, self.known)
        response = case.call(base_url=self.url, headers=self.headers, timeout=30, allow_redirects=False)
        # The one answer of 500 that the vendor's clients expect.
        if (self.operation.label, response.status_code) != ("POST /api/2.0/authentication", 500):
            assert response.status_code < 500, response.text
        case.validate_response(response, checks=CHECKS)

    def run(self, examples, end):
        @hypothesis.given(case=self.operation.as_strategy(), real=st.booleans())
        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=end is None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate],
        )
        def sent(case, real):
            if end is None or time.monotonic() < end:
                self.send(case, real)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sent()


def fuzz(vendor, url, facts, examples, end=None):
    """Send `examples` requests to each operation of the vendor's document; what was wrong, one text an operation."""
    schema = schemathesis.openapi.from_url(f"{url}/docs/{vendor}/openapi.json")
    schema.config.generation.update(modes=list(schemathesis.GenerationMode))
    wrong = []
    for result in schema.get_all_operations():
        operation = result.ok()
        try:
            Sender(vendor, url, facts, operation).run(examples, end)
        except (AssertionError, FailureGroup, Failure) as error:
            wrong.append(f"{operation.label}: {error}")
    return wrong


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_answer_is_outside_the_document(vendor, url, facts):
    wrong = fuzz(vendor, url, facts, SHORT)

    assert not wrong, "\n\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("vendor", VENDORS)
def test_no_answer_is_outside_the_document_for_long(vendor, url, facts):
    end = time.monotonic() + SOAK_SECONDS / len(VENDORS)
    examples = 10
    while time.monotonic() < end:
        wrong = fuzz(vendor, url, facts, examples, end)
        assert not wrong, "\n\n".join(wrong)
        examples *= 2
