"""Every documented filter and sort uses an index when PostgreSQL has 200,000 rows of each kind.

In `make soak`: loading the rows takes a minute and a half.
"""

import json
import os

import pytest

from tests.installation import installation

POSTGRESQL = os.environ.get("TEST_DATABASE_URL")
ROWS = 200_000
# Tables of which no list may read every row.
LARGE = {"tasks_task", "tasks_taskassignee", "crm_task", "crm_taskword", "soc_todo"}

pytestmark = [
    pytest.mark.soak,
    pytest.mark.xdist_group("plans"),
    pytest.mark.skipif(not POSTGRESQL, reason="the plans of PostgreSQL are what is looked at"),
]

MILEAPP = (
    "", "page=40", "limit=200", "status=DONE", "status=ONGOING", "status=UNASSIGNED", "status=DONE,ONGOING",
    "hubId={hub}", "hubId={hub}&status=ONGOING", "flow=Load%20flow%201", "flowId={flow}",
    "assignee={agent}", "doneBy=Agent%20003", "active=true", "isVisit=true", "routingResultId=route-17",
    "sortBy=createdTime&sortOrder=asc", "sortBy=orderIndex&sortOrder=asc", "sortBy=orderIndex&sortOrder=desc",
    "sortBy=startTime&sortOrder=asc", "sortBy=startTime&sortOrder=desc",
    "sortBy=doneTime&sortOrder=asc", "sortBy=doneTime&sortOrder=desc",
    "timeBy=createdTime&timeFrom={from}&timeTo={to}", "timeBy=startTime&timeFrom={from}&timeTo={to}",
    "timeBy=doneTime&timeFrom={from}&timeTo={to}", "lazyLoad=1", "lazyLoad=1&cursor={task}",
)  # fmt: skip
ONLYOFFICE = (
    "", "count=100&startIndex=1000", "isClosed=true", "isClosed=false", "responsibleid={guid}", "categoryid={category}",
    "fromDate={from}&toDate={to}", "entityType=contact&entityId={contact}", "filterValue=customer", "filterValue=Call",
    "filterValue=1234", "sortBy=title", "sortBy=title&sortOrder=descending", "sortBy=deadline&sortOrder=descending",
    "sortBy=category", "sortBy=contact", "sortBy=contactmanager", "sortBy=contact&sortOrder=descending",
)  # fmt: skip
SECMASTER = (
    "", "query_type=my_todo", "query_type=all_handled", "offset=100&limit=100",
    *(
        f"query_type={kind}&sort_key={key}&sort_dir={way}"
        for kind in ("my_todo", "all_handled")
        for key in ("create_time", "update_time")
        for way in ("ASC", "DESC")
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded():
    """{vendor: (path, headers, values for the queries)} of an installation with ROWS rows of each kind."""
    with installation(POSTGRESQL, settings="tests.work.settings", ALLOWED_HOSTS="*") as place:
        facts = place.demo()
        place.manage("seed_load", "--tasks", str(ROWS), "--vendors", "mileapp", "onlyoffice", "secmaster")
        facts["place"] = place
        facts["values"] = json.loads(place.manage("shell", "-v0", "-c", VALUES))
        yield facts


VALUES = """
import json
from accounts.models import User
from crm.models import Contact, TaskCategory
from flows.models import Flow
from hubs.models import Hub
from tasks.models import Task
from django.utils import timezone
from datetime import timedelta
agent = User.objects.filter(name="Agent 003").first()
now = timezone.now()
print(json.dumps({
    "hub": Hub.objects.get(name="Load hub 03").pk, "flow": Flow.objects.get(name="Load flow 2").pk,
    "agent": agent.email, "guid": str(agent.guid), "task": Task.objects.order_by("pk")[1000].pk,
    "category": TaskCategory.objects.order_by("pk")[3].pk, "contact": Contact.objects.order_by("-pk").first().pk,
    "from": f"{now - timedelta(days=40):%Y-%m-%dT%H:%M:%S}", "to": f"{now - timedelta(days=39):%Y-%m-%dT%H:%M:%S}",
}))
"""


def reads_whole(plan, counts):
    """Whether a part of the plan reads a large table from end to end.

    Where the query only counts, that is the quickest way to count a large part of the table: a tenth and more.
    """
    table, rows = plan.get("Relation Name"), plan.get("Plan Rows", 0)
    if table in LARGE and plan["Node Type"].endswith("Seq Scan") and not (counts and rows > ROWS / 10):
        return True
    return any(reads_whole(part, counts) for part in plan.get("Plans", ()))


def whole_reads(loaded, base, queries, headers):
    """The queries of these lists that read a large table from end to end."""
    paths = [f"{base}?{query.format(**loaded['values'])}" for query in queries]
    answers = json.loads(loaded["place"].manage("plans", json.dumps([[path, headers] for path in paths])))
    return [
        f"{path}\n  {found['sql'][:1500]}"
        for path, plans in zip(paths, answers, strict=True)
        for found in plans
        if reads_whole(found["plan"], found["sql"].startswith("SELECT COUNT(*)"))
    ]


def test_task_lists_of_mileapp_use_an_index(loaded):
    headers = {"authorization": f"Bearer {loaded['mileapp']['token']}"}

    assert whole_reads(loaded, "/api/v3/tasks", MILEAPP, headers) == []


def test_task_lists_of_onlyoffice_use_an_index(loaded):
    headers = {"authorization": loaded["onlyoffice"]["token"]}

    assert whole_reads(loaded, "/api/2.0/crm/task/filter", ONLYOFFICE, headers) == []


def test_to_do_lists_of_secmaster_use_an_index(loaded):
    soc = loaded["secmaster"]
    base = f"/v1/{soc['project_id']}/workspaces/{soc['workspace_id']}/soc/tasks"

    assert whole_reads(loaded, base, SECMASTER, {"x-auth-token": soc["token"]}) == []
