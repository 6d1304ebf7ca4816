"""Every documented filter and sort uses an index when PostgreSQL has 200,000 rows of each kind.

In `make soak`: loading the rows takes two minutes. What comes in few rows to an organization (hubs, teams, users,
flows, contacts) comes in many to the organizations together; its lists may not read the rows of others.
"""

import json
import os
from itertools import product

import pytest

from tests.installation import installation

POSTGRESQL = os.environ.get("TEST_DATABASE_URL")
ROWS = 200_000
# Tables of which no list may read every row.
LARGE = {
    "tasks_task", "tasks_taskassignee", "crm_task", "crm_taskword", "soc_todo", "hubs_hub", "hubs_hub_users",
    "hubs_team", "hubs_team_users", "flows_flow", "flows_flowlog", "accounts_user", "accounts_user_groups",
    "crm_contact",
}  # fmt: skip
# Whom hundreds of memberships are joined with: all of them may be, the planner finds that quicker than hundreds of
# look-ups. None may be looked for like that.
JOINED = {"hubs_hub", "hubs_team"}

pytestmark = [
    pytest.mark.soak,
    pytest.mark.xdist_group("plans"),
    pytest.mark.skipif(not POSTGRESQL, reason="the plans of PostgreSQL are what is looked at"),
]


def every(*parts):
    """The queries with one alternative of each part."""
    return ["&".join(filter(None, chosen)) for chosen in product(*parts)]


def sorts(by, keys, order, ways):
    """The default order, and each key in both directions."""
    return ["", *(f"{by}={key}&{order}={way}" for key in keys for way in ways)]


MILEAPP_FILTERS = [
    "", "status=DONE", "status=ONGOING", "status=UNASSIGNED", "status=DONE,ONGOING", "hubId={hub}",
    "hubId={hub}&status=ONGOING", "hubId={hub}&status=DONE,ONGOING", "flow=Load%20flow%201", "flowId={flow}",
    "assignee={agent}", "doneBy=Agent%20003", "doneBy={agent}", "active=true", "isVisit=true",
    "routingResultId=route-17", "timeFrom={from}", "timeTo={from}", "timeFrom={from}&timeTo={to}",
    *(f"timeBy={time}&timeFrom={{from}}&timeTo={{to}}" for time in ("createdTime", "startTime", "doneTime")),
]  # fmt: skip
MILEAPP_SORTS = sorts("sortBy", ("createdTime", "orderIndex", "startTime", "doneTime"), "sortOrder", ("asc", "desc"))
MILEAPP = [
    "page=40", "limit=200", "lazyLoad=1&cursor={task}", *every(MILEAPP_FILTERS, [*MILEAPP_SORTS, "lazyLoad=1"]),
]  # fmt: skip
GALLERY = every([*MILEAPP_FILTERS, "batchId=B-1"], MILEAPP_SORTS)
TRACKING = every(
    ["hubId={hub}&timeFrom={from}&timeTo={to}"],
    ["", "timeBy=createdTime", "timeBy=startTime", "timeBy=doneTime"],
    ["", "email={agent}"],
)
HUBS = every(
    ["", "name=Load%20hub%2003", "q=hub", "byUser=true"],
    sorts("sortBy", ("name", "address", "createdTime", "updatedTime", "_id"), "sortOrder", ("asc", "desc")),
    ["", "limit=5"],
)
TEAMS = ["", "hubId={hub}", "limit=5&page=2"]
USERS = every(
    ["", "hubId={hub}", "teamId={team}", "roleId={role}", "status=active", "status=disabled", "q=agent"],
    ["", "limit=5"],
)
FLOWS = sorts(
    "sort_by", ("orderIndex", "name", "version", "createdTime", "updatedTime", "_id"), "sort_order", ("asc", "desc")
)
FLOW_LOGS = every(["", "action=put", "flowId={flow}", "action=put&flowId={flow}"], ["", "sortOrder=asc"])

ONLYOFFICE = [
    "count=100&startIndex=1000",
    *every(
        [
            "", "isClosed=true", "isClosed=false", "responsibleid={guid}", "categoryid={category}",
            "fromDate={from}", "toDate={from}", "fromDate={from}&toDate={to}", "entityType=contact&entityId={contact}",
            "entityType=opportunity&entityId=7", "entityType=case&entityId=7", "filterValue=customer",
            "filterValue=Call", "filterValue=1234", "updatedSince={to}",
        ],
        sorts(
            "sortBy", ("title", "deadline", "category", "contact", "contactmanager", "id", "created"),
            "sortOrder", ("ascending", "descending"),
        ),
        ["count=100"],
    ),
]  # fmt: skip
SIMPLE = ["count=5", "count=5&filterValue=company&sortBy=id"]
CONTACTS = every(
    [
        "", "contactListView=company", "contactListView=person", "isShared=true", "isShared=false",
        "responsibleid={guid}", "fromDate={from}&toDate={to}", "updatedSince={to}", "filterValue=company",
    ],
    sorts(
        "sortBy", ("displayname", "created", "id", "firstname", "lastname"), "sortOrder", ("ascending", "descending")
    ),
    ["count=25"],
)  # fmt: skip

SECMASTER_SORTS = sorts("sort_key", ("create_time", "update_time"), "sort_dir", ("ASC", "DESC"))
TEXTS = ["name=1234", "note=nothing", "creator_name=load", "creator_name=none"]
NARROWED = [
    "", "business_type=PLAYBOOKPUBLISH", "from_date={soc_from}", "to_date={soc_from}",
    "from_date={soc_from}&to_date={soc_to}", "business_type=WORKFLOWPUBLISH&name=1&from_date={soc_from}",
]  # fmt: skip
SECMASTER = [
    "offset=100&limit=100",
    *every(["", "query_type=my_todo"], SECMASTER_SORTS, [*NARROWED, *TEXTS]),
    *every(["query_type=all_handled"], SECMASTER_SORTS, NARROWED),
]
HANDLED_TEXTS = every(["query_type=all_handled"], SECMASTER_SORTS, TEXTS)


@pytest.fixture(scope="module")
def loaded():
    """The facts of the demo data, `values` for the queries, and the `place`, an installation with ROWS of each kind."""
    with installation(POSTGRESQL, settings="tests.work.settings", ALLOWED_HOSTS="*") as place:
        facts = place.demo()
        place.manage("seed_load", "--tasks", str(ROWS), "--vendors", "mileapp", "onlyoffice", "secmaster")
        place.manage("shell", "-v0", "-c", CROWD)
        facts["place"] = place
        facts["values"] = json.loads(place.manage("shell", "-v0", "-c", VALUES))
        facts["agent"] = place.manage("createtoken", facts["values"]["agent"], "--name", "plans").strip()
        yield facts


# What `seed_load` leaves out: tasks on opportunities and cases, photos, and other organizations full of small things.
CROWD = """
from django.contrib.auth.models import Group
from django.db.models import F
from django.db.models.functions import Mod
from accounts.models import Organization, User
from config.load.rows import statistics_refresh
from crm.models import Contact
from crm.models import Task as CrmTask
from crm.models.records import EntityType
from flows.models import Flow, FlowLog
from hubs.models import Hub, Team
from tasks.models import Task

crm = CrmTask.objects.annotate(rest=Mod("id", 20))
for rest, kind in enumerate((EntityType.OPPORTUNITY, EntityType.CASE)):
    crm.filter(rest=rest).update(entity_type=kind, entity_id=Mod(F("id"), 499) + 1)
Task.objects.filter(status="DONE", id__contains="7f").update(has_photos=True)

group = Group.objects.get(name="Agent")
for name in ("Crowd", "Throng"):
    organization = Organization.objects.create(name=name)
    numbers = range(10_000)
    users = User.objects.bulk_create(
        User(organization=organization, email=f"{name}-{number}@crowd.example".lower(), name=f"Agent {number}")
        for number in numbers
    )
    hubs = Hub.objects.bulk_create(
        Hub(organization=organization, name=f"Hub {number}", address="Here", lat=0, lng=0) for number in numbers
    )
    teams = Team.objects.bulk_create(Team(organization=organization, hub=hub, name="Team") for hub in hubs)
    flows = Flow.objects.bulk_create(Flow(organization=organization, name=f"Flow {number}") for number in numbers)
    FlowLog.objects.bulk_create(
        FlowLog(organization=organization, flow=flow, action="put", version=1, before={}, after={}) for flow in flows
    )
    Contact.objects.bulk_create(
        Contact(organization=organization, is_company=True, company_name=f"Company {number}", name_key=f"{number}")
        for number in numbers
    )
    User.groups.through.objects.bulk_create(User.groups.through(user=user, group=group) for user in users)
    Hub.users.through.objects.bulk_create(Hub.users.through(user=user, hub=hub) for user, hub in zip(users, hubs))
    Team.users.through.objects.bulk_create(Team.users.through(user=user, team=team) for user, team in zip(users, teams))
statistics_refresh()
"""
VALUES = """
import json
from datetime import timedelta
from urllib.parse import quote
from django.utils import timezone
from accounts.models import User
from crm.models import Contact, TaskCategory
from flows.models import Flow
from hubs.models import Hub, Team
from hubs.roles import role_id
from tasks.models import Task
agent = User.objects.get(name="Agent 003", email__contains=".load.")
home = agent.organization
first, last = (timezone.now() - timedelta(days=days) for days in (40, 39))
print(json.dumps({
    "hub": Hub.objects.get(name="Load hub 03").pk, "flow": Flow.objects.get(name="Load flow 2").pk,
    "agent": agent.email, "guid": str(agent.guid), "task": Task.objects.order_by("pk")[1000].pk,
    "team": Team.objects.of(home).order_by("pk").values_list("pk", flat=True).first() or "0" * 24,
    "role": role_id(home, "Agent"),
    "category": TaskCategory.objects.of(home).order_by("pk")[3].pk,
    "contact": Contact.objects.of(home).order_by("-pk").first().pk,
    "from": f"{first:%Y-%m-%dT%H:%M:%S}", "to": f"{last:%Y-%m-%dT%H:%M:%S}",
    "soc_from": quote(f"{first:%Y-%m-%dT%H:%M:%S}.000Z+0000"), "soc_to": quote(f"{last:%Y-%m-%dT%H:%M:%S}.000Z+0000"),
}))
"""


def reads_whole(plan, counts):
    """Whether a part of the plan reads a large table from end to end, or sorts a tenth of one.

    Where the query only counts, reading is the quickest way to count a large part of the table: a tenth and more.
    """
    table, rows, node = plan.get("Relation Name"), plan.get("Plan Rows", 0), plan["Node Type"]
    if node == "Sort" and rows > ROWS / 10:
        return True
    if table in LARGE and node.endswith("Seq Scan") and not (counts and rows > ROWS / 10):
        return table not in JOINED or "Filter" in plan
    return any(reads_whole(part, counts) for part in plan.get("Plans", ()))


def only_counts(sql):
    # The second counts the statuses of some thousand tasks in no order.
    return sql.startswith(("SELECT COUNT(*)", 'SELECT "tasks_task"."status" AS "status" FROM'))


def whole_reads(loaded, base, queries, headers, wanted=lambda sql: True):
    """The statements of these lists, of those that are wanted, that read a large table from end to end."""
    paths = [f"{base}?{query.format(**loaded['values'])}" for query in queries]
    answers = json.loads(loaded["place"].manage("plans", json.dumps([[path, headers] for path in paths])))
    return [
        f"{path}\n  {found['sql'][:1500]}"
        for path, plans in zip(paths, answers, strict=True)
        for found in plans
        if wanted(found["sql"]) and reads_whole(found["plan"], only_counts(found["sql"]))
    ]


def slow(*values, reason):
    """A case that is known to read whole tables; it fails when it no longer does."""
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=reason))


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("tasks", MILEAPP),
        ("tasks-gallery", GALLERY),
        ("tasks/tracking", TRACKING),
        ("hubs", HUBS),
        ("teams", TEAMS),
        ("users", USERS),
        ("flows", FLOWS),
        ("flow-logs", FLOW_LOGS),
    ],
)
def test_lists_of_mileapp_use_an_index(loaded, path, queries):
    headers = {"authorization": f"Bearer {loaded['mileapp']['token']}"}

    assert whole_reads(loaded, f"/api/v3/{path}", queries, headers) == []


@pytest.mark.parametrize("who", ["administrator", "agent"])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("task/filter", ONLYOFFICE),
        ("contact/filter", CONTACTS),
        ("contact/simple/filter", SIMPLE),
    ],
)
def test_lists_of_onlyoffice_use_an_index(loaded, path, queries, who):
    headers = {"authorization": loaded["agent"] if who == "agent" else loaded["onlyoffice"]["token"]}
    # An agent's totals have a test of their own.
    wanted = (lambda sql: not only_counts(sql)) if who == "agent" else lambda sql: True

    assert whole_reads(loaded, f"/api/2.0/crm/{path}", queries, headers, wanted) == []


@pytest.mark.parametrize(
    ("path", "queries", "who"),
    [
        slow("task/filter", ["count=100"], "agent", reason="the total of what one may see is counted row by row"),
        ("contact/simple/filter", [""], "onlyoffice"),
    ],
)
def test_long_lists_of_onlyoffice_use_an_index(loaded, path, queries, who):
    headers = {"authorization": loaded["agent"] if who == "agent" else loaded[who]["token"]}

    assert whole_reads(loaded, f"/api/2.0/crm/{path}", queries, headers) == []


@pytest.mark.parametrize("who", ["administrator", "agent"])
@pytest.mark.parametrize(
    "queries", [SECMASTER, slow(HANDLED_TEXTS, reason="the planner expects a text to be rare and sorts what it finds")]
)
def test_to_do_lists_of_secmaster_use_an_index(loaded, queries, who):
    soc = loaded["secmaster"]
    base = f"/v1/{soc['project_id']}/workspaces/{soc['workspace_id']}/soc/tasks"
    token = loaded["agent"] if who == "agent" else soc["token"]

    assert whole_reads(loaded, base, queries, {"x-auth-token": token}) == []
