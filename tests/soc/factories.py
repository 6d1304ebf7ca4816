"""Typed factories of the SecMaster rows."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from soc.models import DUE_AFTER, Comment, Project, Todo, Workspace, new_id
from tests.factories import OrganizationFactory

CREATED = datetime(2025, 8, 19, 6, 53, 42, 424000, tzinfo=UTC)


class ProjectFactory(DjangoModelFactory[Project]):
    class Meta:
        model = Project

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"region-{n}")


class WorkspaceFactory(DjangoModelFactory[Workspace]):
    class Meta:
        model = Workspace

    project = factory.SubFactory(ProjectFactory)
    organization = factory.SelfAttribute("project.organization")
    name = factory.Sequence(lambda n: f"Workspace {n}")


class TodoFactory(DjangoModelFactory[Todo]):
    class Meta:
        model = Todo

    workspace = factory.SubFactory(WorkspaceFactory)
    organization = factory.SelfAttribute("workspace.organization")
    id = factory.LazyFunction(new_id)
    aopengine_task_id = factory.SelfAttribute("id")
    name = factory.Sequence(lambda n: f"to-do {n:03}")
    business_type = "PLAYBOOKNODEAPPROVE"
    create_time = CREATED
    update_time = CREATED
    due_date = factory.LazyAttribute(lambda todo: todo.create_time + DUE_AFTER)


class CommentFactory(DjangoModelFactory[Comment]):
    class Meta:
        model = Comment

    todo = factory.SubFactory(TodoFactory)
    organization = factory.SelfAttribute("todo.organization")
    message = "looks harmless"
    user_id = "u1"
    user_name = "n1"
    time = CREATED
