"""Tasks of the CRM context: two hundred companies, twelve categories, a word index that finds them."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from django.utils import timezone

from config.load.people import agents_of
from config.load.rows import counters_catch_up, moment, numbers_free, rows_insert, uuid_text
from core.actor import Actor
from crm.counts import counts_rebuild
from crm.models import Contact, Task, TaskCategory, TaskWord
from crm.services.contacts import ContactData, contact_create
from crm.text import sort_key, word_code

COMPANIES = 200
YEAR, DAY = 365 * 86400, 86400
VERBS = ("Call", "Visit", "Invoice", "Remind", "Thank")
COLUMNS = (
    "id", "title", "description", "deadline", "responsible_id", "contact_id", "category_id", "is_closed",
    "created_at", "updated_at", "title_key", "contact_key", "responsible_key",
)  # fmt: skip


def load(*, actor: Actor, count: int) -> int:
    """`count` tasks in the actor's organization, with their words; the number of tasks."""
    agents = [(uuid_text(agent.guid), sort_key(agent.name)) for agent in agents_of(actor.organization)]
    contacts = [(contact.pk, contact.name_key) for contact in _contacts(actor)]
    categories = list(TaskCategory.objects.of(actor.organization).values_list("pk", flat=True))
    first = numbers_free(Task)
    template = Task(organization=actor.organization, created_by=actor.user, updated_by=actor.user)
    made = rows_insert(template, COLUMNS, _rows(first, count, agents, contacts, categories))
    rows_insert(TaskWord(organization=actor.organization), ("task_id", "word"), _words(first, count))
    counters_catch_up(Task, TaskWord)
    counts_rebuild(actor.organization)
    return made


def _rows(
    first: int,
    count: int,
    agents: Sequence[tuple[str, str]],
    contacts: Sequence[tuple[int, str]],
    categories: Sequence[int],
) -> Iterator[tuple[Any, ...]]:
    random = Random(count)  # noqa: S311  (the same data at each run)
    begin = int(timezone.now().timestamp()) - YEAR
    for number in range(first, first + count):
        created = begin + YEAR * (number - first) // count
        responsible, responsible_key = random.choice(agents)
        contact, contact_key = random.choice(contacts)
        title = _title(number)
        yield (
            number, title, "", moment(created + random.randrange(1, 60) * DAY), responsible, contact,
            random.choice(categories), random.random() < 0.6,
            moment(created), moment(created), sort_key(title), contact_key, responsible_key,
        )  # fmt: skip


def _title(number: int) -> str:
    return f"{VERBS[number % len(VERBS)]} customer {number}"


def _words(first: int, count: int) -> Iterator[tuple[int, str]]:
    # By word rather than by task: the index grows at its end instead of all over.
    for place, verb in enumerate(VERBS):
        code = word_code(verb)
        yield from ((number, code) for number in range(first, first + count) if number % len(VERBS) == place)
    for number in range(first, first + count):
        yield number, word_code("customer")
    for number in range(first, first + count):
        yield number, word_code(str(number))


def _contacts(actor: Actor) -> list[Contact]:
    found = {row.company_name: row for row in Contact.objects.of(actor.organization).filter(is_company=True)}
    names = [f"Company {number:03}" for number in range(1, COMPANIES + 1)]
    return [
        found.get(name) or contact_create(actor=actor, data=ContactData(is_company=True, company_name=name))
        for name in names
    ]
