from typing import Any

from tests.hubs.calls import call


def test_the_roles_are_the_groups_in_the_vendors_words(world: Any, client_for: Any) -> None:
    status, body = call(client_for(world.viewer), "GET", "/roles")
    assert status == 200
    assert [(role["name"], role["isAdmin"]) for role in body["data"]] == [
        ("owner", True), ("planner", False), ("field user", False), ("viewer", False),
    ]  # fmt: skip
    ids = {role["_id"] for role in body["data"]}
    assert len(ids) == 4
    assert all(len(role_id) == 24 for role_id in ids)
    assert ids == {role["_id"] for role in call(client_for(world.owner), "GET", "/roles")[1]["data"]}
    assert not ids & {role["_id"] for role in call(client_for(world.outsider), "GET", "/roles")[1]["data"]}


def test_a_role_lists_what_its_group_may_do(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    names = {}
    for role in call(client, "GET", "/roles")[1]["data"]:
        body = call(client, "GET", f"/role/{role['_id']}")[1]
        assert body["status"] is True
        names[role["name"]] = {item["name"] for item in body["data"]["permission"]}
        assert [item["_id"] for item in body["data"]["permission"]] == role["permissionList"]
    assert {"delete/member", "edit/flow", "view/hub"} <= names["owner"]
    assert "edit/flow" in names["planner"]
    assert "delete/member" not in names["planner"]
    assert names["viewer"] == {name for name in names["viewer"] if name.startswith(("view/", "export/"))}


def test_an_unknown_role_gets_the_long_text(world: Any, client_for: Any) -> None:
    message = "Data not found. Please check the ID/reference number and try again."
    assert call(client_for(world.owner), "GET", "/role/x") == (404, {"status": False, "message": message})
