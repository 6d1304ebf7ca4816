"""
The routes of the REST protocol, below three base addresses.

The first is the organization's default project, the second a share link, the third any project.
"""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from gantt.api import planning, views

BASES = ("", "gantt/s/<str:secret>/", "gantt/<slug:project>/")


def routes(base: str) -> list[URLPattern]:
    """An id in the address is any text: it may be a temporary one, `temp://1795188523429`."""
    return [
        path(f"{base}tasks", views.TasksView.as_view()),
        path(f"{base}tasks/<path:row>", views.TaskView.as_view()),
        path(f"{base}links", views.LinksView.as_view()),
        path(f"{base}links/<path:row>", views.LinkView.as_view()),
        path(f"{base}resources", views.ResourcesView.as_view()),
        path(f"{base}assignments", views.AssignmentsView.as_view()),
        path(f"{base}assignments/<path:row>", views.AssignmentView.as_view()),
        path(f"{base}batch", views.BatchView.as_view()),
    ]


urlpatterns: list[URLPattern] = [route for base in BASES for route in routes(base)]

# Our own additions need a name before them: the root belongs to the vendor's protocol.
urlpatterns += [path(f"{base}{end}", view) for base in BASES[1:] for end, view in planning.ROUTES]

# What is left has doubled slashes, or one at the end, or no route at all.
urlpatterns += [
    re_path(r"^(?P<path>/*(?:tasks|links|resources|assignments|batch|gantt)(?:/.*)?)$", views.tidied),
]
