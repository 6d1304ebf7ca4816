"""The base view: credentials, rights, errors, idempotency, rate limit and request id, for every dialect alike."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import JsonResponse
from django.test import Client, override_settings
from django.urls import path
from rest_framework.response import Response

from accounts.models import Organization
from core import journal
from core.api.authentication import BearerAuthentication
from core.api.dialect import Dialect
from core.api.errors import Conflict
from core.api.parsers import MultiPartParser
from core.api.views import DialectView
from core.models import IdempotencyKey, JournalEntry


class PlainDialect(Dialect):
    name = "mileapp"
    authentication = (BearerAuthentication(),)
    max_body = 1000

    @classmethod
    def error_response(cls, request, error):
        return JsonResponse({"error": error.message, "field": error.field}, status=error.status)


class EchoView(DialectView):
    dialect = PlainDialect
    permissions = {"put": "tasks.change_task"}
    calls = 0

    def get(self, request):
        return Response({"user": self.actor.name})

    def post(self, request):
        type(self).calls += 1
        journal.record(actor=self.actor, verb="echo", obj=self.actor.organization)
        if self.body.get("conflict"):
            raise Conflict("taken")
        if self.body.get("bug"):
            raise RuntimeError("a bug")
        return Response({"call": type(self).calls, "body": self.body}, status=201)

    def put(self, request):
        return Response({})


class UploadView(DialectView):
    dialect = PlainDialect

    def get_parsers(self):
        return [MultiPartParser()]

    def post(self, request):
        return Response({"size": len(request.FILES["file"].read()), "name": request.data["name"]})


urlpatterns = [
    path("upload", UploadView.as_view()),
    path("echo", EchoView.as_view()),
    path("echo/<str:name>", EchoView.as_view()),
]


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = __name__
    EchoView.calls = 0


def post(client, body, **headers):
    return client.post("/echo", body, content_type="application/json", headers=headers)


class TestCredentials:
    def test_it_refuses_a_request_without_credentials(self, db, client):
        assert client.get("/echo").status_code == 401

    @pytest.mark.parametrize(
        "header", ["Bearer wrong", "Bearer ", "Bearer ty_\x00", "Basic abc", "Bearer " + "x" * 5000]
    )
    def test_it_refuses_a_wrong_token(self, db, client, header):
        assert client.get("/echo", headers={"authorization": header}).status_code == 401

    def test_it_takes_the_scheme_in_any_case(self, world, client):
        answer = client.get("/echo", headers={"authorization": f"bEARER {world.token(world.agent)}"})
        assert answer.json() == {"user": "Agent"}

    def test_a_request_with_a_token_costs_one_query(self, world, client_for, django_assert_num_queries):
        client = client_for(world.agent)
        with django_assert_num_queries(1):
            client.get("/echo")

    def test_an_inactive_organization_is_locked_out(self, world, client_for):
        client = client_for(world.agent)
        Organization.objects.filter(pk=world.organization.pk).update(is_active=False)
        assert client.get("/echo").status_code == 401

    def test_it_refuses_a_lacking_permission(self, world, client_for):
        assert client_for(world.viewer).put("/echo").status_code == 403
        assert client_for(world.agent).put("/echo").status_code == 200

    def test_the_headers_alone_need_the_permission_too(self, world, client_for, monkeypatch):
        monkeypatch.setattr(EchoView, "permissions", {"get": "tasks.change_task"})
        assert client_for(world.viewer).head("/echo").status_code == 403
        assert client_for(world.agent).head("/echo").status_code == 200

    def test_a_method_that_is_not_there_is_told_which_are(self, world, client_for):
        answer = client_for(world.agent).delete("/echo")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, POST, PUT, HEAD, OPTIONS")


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ("{", ""),
            ("[1]", ""),
            ('"text"', ""),
            ('{"a": NaN}', ""),
            ('{"a": 1e999}', ""),
            ('{"a": {"b": ["x\\u0000y"]}}', "a.b.0"),
            ('{"a\\u0000": 1}', "a"),
            ('{"a": "\\ud800"}', ""),
            (b'{"a": "\xff"}', ""),
            ("[" * 400 + "]" * 400, ""),
            ('{"a":' * 100 + "1" + "}" * 100, ""),
        ],
    )
    def test_it_refuses_what_no_field_can_hold(self, world, client_for, body, field):
        answer = post(client_for(world.agent), body)
        assert answer.status_code == 400, answer.content
        assert answer.json()["field"] == field

    def test_it_refuses_a_huge_body_by_its_length(self, world, client_for):
        assert post(client_for(world.agent), '{"a": "' + "x" * 2000 + '"}').status_code == 413

    def test_it_refuses_another_content_type(self, world, client_for):
        answer = client_for(world.agent).post("/echo", "a=1", content_type="text/plain")
        assert answer.status_code == 415

    def test_it_refuses_a_nul_in_query_and_path(self, world, client_for):
        client = client_for(world.agent)
        assert client.get("/echo?q=a%00b").json() == {"error": "The q parameter holds a NUL character.", "field": "q"}
        assert client.get("/echo/a%00b").status_code == 404

    def test_it_knows_its_methods(self, world, client_for):
        assert client_for(world.agent).delete("/echo").status_code == 405

    def test_brackets_in_a_string_are_no_nesting(self, world, client_for):
        assert post(client_for(world.agent), {"a": "[" * 200}).status_code == 201


class TestIdempotency:
    def test_the_first_answer_is_replayed(self, world, client_for):
        client = client_for(world.agent)
        first = post(client, {"a": 1}, **{"idempotency-key": "k1"})
        second = post(client, {"a": 1}, **{"idempotency-key": "k1"})
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert second["Idempotent-Replayed"] == "true"
        assert second["Content-Type"] == first["Content-Type"]
        assert EchoView.calls == 1
        assert JournalEntry.objects.filter(verb="echo").count() == 1

    def test_another_body_is_refused(self, world, client_for):
        client = client_for(world.agent)
        post(client, {"a": 1}, **{"idempotency-key": "k1"})
        answer = post(client, {"a": 2}, **{"idempotency-key": "k1"})
        assert answer.status_code == 400
        assert answer.json()["field"] == "Idempotency-Key"

    def test_keys_belong_to_their_user(self, world, client_for):
        post(client_for(world.agent), {"a": 1}, **{"idempotency-key": "k1"})
        post(client_for(world.planner), {"a": 1}, **{"idempotency-key": "k1"})
        assert EchoView.calls == 2

    def test_one_in_flight_answers_at_once(self, world, client_for):
        client = client_for(world.agent)
        post(client, {"a": 1}, **{"idempotency-key": "k1"})
        IdempotencyKey.objects.update(status=None)
        assert post(client, {"a": 1}, **{"idempotency-key": "k1"}).status_code == 409

    def test_a_refused_request_can_be_repeated(self, world, client_for):
        client = client_for(world.agent)
        assert post(client, {"conflict": True}, **{"idempotency-key": "k1"}).status_code == 409
        assert post(client, {"conflict": True}, **{"idempotency-key": "k1"}).status_code == 409
        assert EchoView.calls == 2

    def test_a_bug_leaves_neither_row_nor_key(self, world, client_for):
        client = client_for(world.agent)
        with pytest.raises(RuntimeError):
            post(client, {"bug": True}, **{"idempotency-key": "k1"})
        assert not JournalEntry.objects.filter(verb="echo").exists()
        assert not IdempotencyKey.objects.exists()

    def test_a_key_is_kept_for_a_day(self, world, client_for):
        client = client_for(world.agent)
        post(client, {"a": 1}, **{"idempotency-key": "k1"})
        from datetime import timedelta

        from django.utils import timezone

        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
        assert post(client, {"a": 2}, **{"idempotency-key": "k1"}).status_code == 201

    def test_another_file_is_another_request(self, world, client_for):
        client = client_for(world.agent)

        def upload(content: bytes):
            form = {"file": SimpleUploadedFile("a.txt", content), "name": "a"}
            return client.post("/upload", form, headers={"idempotency-key": "k1"})

        assert upload(b"one").json() == {"size": 3, "name": "a"}
        assert upload(b"one")["Idempotent-Replayed"] == "true"
        assert upload(b"two").status_code == 400

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\x01b"])
    def test_it_refuses_a_bad_key(self, world, client_for, key):
        assert post(client_for(world.agent), {}, **{"idempotency-key": key}).status_code == 400


class TestRateLimit:
    @override_settings(RATE_LIMITS={"mileapp": 3})
    def test_it_refuses_the_request_over_the_limit(self, world, client_for, monkeypatch):
        monkeypatch.setattr("core.api.throttling.time.time", lambda: 1000.5)
        client = client_for(world.agent)
        answers = [client.get("/echo") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3]["Retry-After"] == "1"

    @override_settings(RATE_LIMITS={"mileapp": 3})
    def test_organizations_are_counted_apart(self, world, client_for, monkeypatch):
        monkeypatch.setattr("core.api.throttling.time.time", lambda: 2000.5)
        for _ in range(3):
            client_for(world.agent).get("/echo")
        assert client_for(world.outsider).get("/echo").status_code == 200


class TestRequestId:
    def test_it_echoes_the_callers_id(self, db):
        assert Client().get("/echo", headers={"x-request-id": "abc-1"})["X-Request-Id"] == "abc-1"

    def test_it_makes_one_of_its_own(self, db):
        first, second = (Client().get("/echo", headers={"x-request-id": "a b<c>"})["X-Request-Id"] for _ in range(2))
        assert first != second
        assert len(first) == 32

    def test_the_journal_holds_it(self, world, client_for):
        post(client_for(world.agent), {}, **{"x-request-id": "req-7"})
        assert JournalEntry.objects.get().request_id == "req-7"


def test_counters_of_threads_add_up(settings, tmp_path):
    from core.api import throttling

    threads = [threading.Thread(target=lambda: [throttling.hit("t", 5) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert throttling.hit("t", 5) == 201
