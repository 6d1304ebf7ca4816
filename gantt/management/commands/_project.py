"""Finding the project that a command is about."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from gantt.models import Project


def add_organization_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--organization", metavar="NAME", help="whose project, by name or object id; needed when several have one"
    )


def project_named(slug: str, organization: str | None) -> Project:
    """Raises CommandError when there is none, or more than one."""
    projects = [
        project
        for project in Project.objects.filter(slug=slug).select_related("organization")
        if organization in (None, project.organization.name, project.organization.object_id)
    ]
    if not projects:
        raise CommandError(f"There is no project {slug}.")
    if len(projects) > 1:
        names = ", ".join(sorted(project.organization.name for project in projects))
        raise CommandError(f"Several organizations have a project {slug}: say --organization, one of {names}.")
    return projects[0]
