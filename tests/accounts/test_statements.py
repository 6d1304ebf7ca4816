"""Prepared statements give the rows that the ORM gives, and write what it would write."""

import gc
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.statements import Given, Prepared, PreparedIn, row_insert, row_update, together
from core.models import IdempotencyKey, Job, JournalEntry
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db

USERS = Prepared(lambda: User.objects.of(Given("organization")).select_related("organization").order_by("pk"))
USER_BY_GUID = Prepared(lambda: User.objects.filter(guid=Given("guid", User._meta.get_field("guid"))))
NAMES = Prepared(lambda: User.objects.filter(created_at__lte=Given("then", User._meta.get_field("created_at"))).values(
    "name", "organization__name"
).order_by("name"))  # fmt: skip
EMAILS = Prepared(lambda: User.objects.filter(organization=Given("organization")).values_list("email", flat=True)[:1])


def job(**fields) -> Job:
    return Job(name="test", payload={"a": [1, None, "ü"]}, run_at=timezone.now(), **fields)


def entry_of(organization, object_id: str) -> JournalEntry:
    return JournalEntry(
        organization=organization, actor_name="a", source="s", verb="v", object_type="t", object_id=object_id,
        object_repr="o", snapshot=None, created_at=timezone.now(),
    )  # fmt: skip


def test_instances_come_with_the_rows_that_they_are_joined_with():
    user = UserFactory()
    UserFactory()
    with CaptureQueriesContext(connection) as queries:
        (found,) = USERS.all(organization=user.organization_id)
        assert found.organization.name == user.organization.name
    assert len(queries) == 1
    stored = User.objects.get(pk=user.pk)
    assert {name: getattr(found, name) for name in _columns(User)} == {
        name: getattr(stored, name) for name in _columns(User)
    }


def test_the_same_statement_runs_again_with_other_values():
    users = [UserFactory(), UserFactory()]
    for user in users * 8:
        assert USERS.first(organization=user.organization_id) == user
    assert USERS.first(organization=0) is None


def test_values_take_the_form_of_their_field():
    user = UserFactory()
    assert USER_BY_GUID.first(guid=user.guid) == user
    assert USER_BY_GUID.first(guid=uuid.uuid4()) is None
    then = timezone.now() - timedelta(hours=1)
    assert NAMES.all(then=then) == []
    assert NAMES.all(then=timezone.now()) == [{"name": user.name, "organization__name": user.organization.name}]


def test_tuples_and_slices_come_as_from_the_queryset():
    user = UserFactory()
    UserFactory(organization=user.organization)
    assert EMAILS.all(organization=user.organization_id) == [user.email]


def test_a_row_is_inserted_as_save_would_do_it():
    row = job(key="once")
    row_insert(row)
    assert not row._state.adding
    stored = Job.objects.get(pk=row.pk)
    assert {name: getattr(stored, name) for name in _columns(Job)} == {
        name: getattr(row, name) for name in _columns(Job)
    }
    assert stored.created_at is not None


def test_constraints_hold_for_inserted_rows():
    row_insert(job(key="once"))
    with pytest.raises(IntegrityError), transaction.atomic():
        row_insert(job(key="once"))


def test_bytes_and_empty_values_are_stored():
    user = UserFactory()
    row = IdempotencyKey(
        organization=user.organization,
        user=user,
        key="k",
        fingerprint="f",
        body=b"\x00\xff",
        lease_until=timezone.now(),
    )
    row_insert(row)
    stored = IdempotencyKey.objects.get(pk=row.pk)
    assert (bytes(stored.body), stored.status, stored.headers) == (b"\x00\xff", None, {})


def test_an_update_writes_the_named_columns_alone():
    row = Job.objects.create(name="test", run_at=timezone.now())
    row.payload, row.attempts, row.name = {"b": 1}, 3, "left alone"
    assert row_update(row, ["payload", "attempts"]) == 1
    stored = Job.objects.get(pk=row.pk)
    assert (stored.payload, stored.attempts, stored.name) == ({"b": 1}, 3, "test")


def test_an_update_does_nothing_where_its_condition_does_not_hold():
    row = Job.objects.create(name="test", run_at=timezone.now())
    row.attempts = 1
    assert row_update(row, ["attempts"], state=Job.State.RUNNING) == 0
    assert row_update(row, ["attempts"], state=Job.State.WAITING) == 1
    assert Job.objects.get(pk=row.pk).attempts == 1


def test_an_unnamed_row_of_json_null_is_null():
    entry = entry_of(OrganizationFactory(), "1")
    row_insert(entry)
    assert JournalEntry.objects.filter(pk=entry.pk, snapshot__isnull=True).exists()


def _columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


BY_EMAIL = PreparedIn(lambda keys: User.objects.filter(email__in=keys, is_active=Given("active")).order_by("pk"))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_a_list_of_keys_of_any_length_finds_its_rows(count):
    users = [UserFactory() for _ in range(count)]
    UserFactory()
    with CaptureQueriesContext(connection) as queries:
        assert BY_EMAIL.all([user.email for user in users], active=True) == users
    assert len(queries) == 1
    assert BY_EMAIL.all([users[0].email], active=False) == []


def test_no_keys_are_no_query():
    with CaptureQueriesContext(connection) as queries:
        assert BY_EMAIL.all([], active=True) == []
    assert len(queries) == 0


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=timezone.get_fixed_timezone(420)),
    ],
)
def test_moments_come_back_to_the_microsecond(moment):
    row = job()
    row.run_at = moment
    row_insert(row)
    assert JOBS.first(pk=row.pk).run_at == moment == Job.objects.get(pk=row.pk).run_at
    assert JOBS.first(pk=row.pk).run_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("payload", [{}, [], "text", 2**53, 1.5, True, {"ü": ["\u2028", None]}])
def test_json_of_every_kind_comes_back(payload):
    row = job()
    row.payload = payload
    row_insert(row)
    assert JOBS.first(pk=row.pk).payload == payload == Job.objects.get(pk=row.pk).payload


JOBS = Prepared(lambda: Job.objects.filter(pk=Given("pk")))


def test_statements_sent_together_are_all_written():
    organization = OrganizationFactory()
    with transaction.atomic(), together():
        for number in range(3):
            row_insert(entry_of(organization, str(number)), keyed=False)
    assert set(JournalEntry.objects.values_list("object_id", flat=True)) == {"0", "1", "2"}


@pytest.mark.django_db(transaction=True)
def test_one_refused_statement_undoes_all_that_were_sent_together():
    with pytest.raises(IntegrityError), transaction.atomic(), together():
        row_insert(job(key="first"), keyed=False)
        row_insert(job(key="once"), keyed=False)
        row_insert(job(key="once"), keyed=False)
        row_insert(job(key="last"), keyed=False)
    assert not Job.objects.exists()
    # The connection is as good as before.
    row_insert(job(key="once"))
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bug_between_statements_sent_together_undoes_them():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), together():
        row_insert(job(key="first"), keyed=False)
        _ = 1 / 0
    assert not Job.objects.exists()


def test_numbers_and_uuids_are_keys_too():
    users = [UserFactory() for _ in range(3)]
    guid = User._meta.get_field("guid")
    keys = [guid.get_db_prep_value(user.guid, connection) for user in users[1:]]
    assert BY_PK.all([user.pk for user in users[:2]]) == users[:2]
    assert BY_GUID.all(keys) == users[1:]
    assert OF_ORGANIZATIONS.all([users[2].organization_id]) == users[2:]


BY_PK = PreparedIn(lambda keys: User.objects.filter(pk__in=keys).order_by("pk"))
BY_GUID = PreparedIn(lambda keys: User.objects.filter(guid__in=keys).order_by("pk"))
OF_ORGANIZATIONS = PreparedIn(lambda keys: User.objects.filter(organization__in=keys))


def test_a_dropped_statement_leaves_nothing_behind_in_the_connection():
    def run() -> None:
        Prepared(lambda: User.objects.filter(pk=Given("pk"))).first(pk=0)

    run()
    gc.collect()
    before = len(vars(connections["default"])["prepared_plans"])
    for _ in range(5):
        run()
    gc.collect()
    assert len(vars(connections["default"])["prepared_plans"]) == before
