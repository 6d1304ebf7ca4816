"""The console's pages of the Gantt chart, one module per kind of page."""

from . import baselines, people, projects, shares, tasks

__all__ = ["baselines", "people", "projects", "shares", "tasks"]
