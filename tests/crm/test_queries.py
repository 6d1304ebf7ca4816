"""The number of queries of every route, so that none grows unseen."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.crm.conftest import Portal
from tests.crm.test_matrix import CALLS, Known, filled, known

__all__ = ["known"]

# In the order of CALLS, each with its credential and the savepoints of the test's own transaction.
MOST = """
 6 POST authentication
 3 GET people/@self
13 POST people
11 POST crm/contact/company
13 POST crm/contact/person
13 POST crm/contact/person
 8 GET crm/contact/{contact}
 9 GET crm/contact/filter
16 POST crm/case
 9 GET crm/case/{case}
14 PUT crm/case/{case}/close
14 PUT crm/case/{case}/reopen
 3 GET crm/opportunity/stage
17 POST crm/opportunity
 7 GET crm/opportunity/{opportunity}
 8 POST crm/task/category
 3 GET crm/task/category
 3 GET crm/task/category/{category}
 9 PUT crm/task/category/{category}
 7 PUT crm/task/category/{category}/icon
 8 PUT crm/task/category/reorder
10 POST crm/task
 5 GET crm/task/{task}
 6 GET crm/task/filter
11 GET crm/contact/simple/filter
11 PUT crm/task/{task}
10 PUT crm/task/{task}/close
10 PUT crm/task/{task}/reopen
 6 PUT crm/task/{task}/creationdate
 6 PUT crm/task/{task}/lastmodifeddate
10 POST crm/contact/task/group
 5 POST crm/contact/tasktemplatecontainer
 3 GET crm/contact/tasktemplatecontainer
 5 POST crm/person/tasktemplatecontainer
 3 GET crm/person/tasktemplatecontainer
 5 POST crm/company/tasktemplatecontainer
 3 GET crm/company/tasktemplatecontainer
 5 POST crm/opportunity/tasktemplatecontainer
 3 GET crm/opportunity/tasktemplatecontainer
 5 POST crm/case/tasktemplatecontainer
 3 GET crm/case/tasktemplatecontainer
 3 GET crm/tasktemplatecontainer/{set}
 7 PUT crm/tasktemplatecontainer/{set}
 9 POST crm/tasktemplatecontainer/{set}/tasktemplate
 5 GET crm/tasktemplatecontainer/{set}/tasktemplate
10 PUT crm/tasktemplatecontainer/{set}/tasktemplate
 4 GET crm/tasktemplatecontainer/tasktemplate/{template}
 8 DELETE crm/tasktemplatecontainer/tasktemplate/{template}
 8 DELETE crm/tasktemplatecontainer/{set}
20 DELETE crm/task/category/{category}
12 DELETE crm/task/{task}
26 PUT crm/contact/merge
19 DELETE crm/opportunity/{opportunity}
17 DELETE crm/case/{case}
26 DELETE crm/contact/{contact}
"""


def test_every_route_keeps_to_its_number_of_queries(portal: Portal, known: Known) -> None:
    # The first call fills what the process keeps, such as the rights of groups.
    portal.get("people/@self")
    for pinned, (method, path, parameters, status, name) in zip(MOST.strip().splitlines(), CALLS, strict=True):
        most, route = pinned.strip().split(" ", 1)
        assert route == f"{method} {path}"
        values = {key: filled(value, known) for key, value in parameters.items()}
        with CaptureQueriesContext(connection) as queries:
            answer = portal.json(method, filled(path, known), values)
        assert answer.status_code == status, (route, answer.content)
        assert len(queries) <= int(most), (route, [query["sql"] for query in queries])
        if name:
            known[name] = json.loads(answer.content)["response"]["id"]
