"""GET /tasks with a filter that is none: refused, whatever other filters stand beside it."""

import pytest


@pytest.mark.parametrize(
    "query", ["status=STARTED", "status=STARTED&flow=Visit", "hubId=here&status=DONE", "timeBy=noon&assignee=a@b.co"]
)
def test_a_wrong_value_is_a_bad_request(world, client_for, query):
    answer = client_for(world.owner).get(f"/api/v3/tasks?{query}")

    assert answer.status_code == 400
    assert answer.json() == {"status": False, "message": "Bad request - invalid parameters provided."}
