"""The routes of the widget's protocol. What a write means stands in operations.py, a read in selectors.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from core.actor import Actor
from core.api.errors import Invalid
from core.api.views import Answer, DialectView
from gantt import selectors
from gantt.api import schema
from gantt.api.batch import batch_run
from gantt.api.dialect import HEADERS, METHODS, ShareLinkAuthentication, SvarGantt, cors_headers, json_response
from gantt.api.operations import OPERATIONS
from gantt.api.serializers import Call, path_id
from gantt.models import Project, ShareLink
from gantt.services import ShareActor
from gantt.services.staging import links_read


class GanttView(DialectView):
    """A route below a base address: the host itself, /gantt/{project}, or /gantt/s/{secret}."""

    dialect = SvarGantt
    open_to_all = frozenset({"options"})
    resource: ClassVar[str]

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [ShareLinkAuthentication()] if "secret" in self.kwargs else super().get_authenticators()

    @property
    def actor(self) -> Actor:
        share = self.request.auth
        if isinstance(share, ShareLink):
            user = share.created_by
            return ShareActor(user, user.organization, "gantt", self.request._request.request_id, share)
        return super().actor

    @property
    def project(self) -> Project:
        if not hasattr(self, "_project"):
            share = self.request.auth
            self._project = (
                share.project
                if isinstance(share, ShareLink)
                else selectors.project_find(self.actor.organization, self.kwargs.get("project"))
            )
        return self._project

    @property
    def call(self) -> Call:
        """Temporary ids are kept apart by user, share link and, where it is sent, X-Client-Id."""
        share = self.request.auth
        who = f"share-{share.pk}" if isinstance(share, ShareLink) else f"user-{self.request.user.pk}"
        client_id = self.request.META.get("HTTP_X_CLIENT_ID", "")[:64].replace("\x00", "")
        return Call(self.actor, self.project, f"{who}:{client_id}")

    @property
    def body(self) -> dict[str, Any]:
        """The body as a JSON object; none at all is no empty object here: it would add an empty task."""
        data = self.request.data
        if not isinstance(data, dict) or not self.request._request.body.strip():
            raise Invalid("the request body must be a JSON object")
        return data

    def write(self, row: str = "") -> HttpResponse:
        """Run the operation of this method and resource."""
        operation = OPERATIONS[str(self.request.method), self.resource, bool(row)]
        body = {} if self.request.method == "DELETE" else self.body
        return json_response(operation(self.call, row, body))

    def read(self, make: Callable[[], Any]) -> HttpResponseBase:
        """A JSON answer that a browser may keep until the project changes."""
        etag = f'W/"{self.project.pk}-{self.project.version}"'
        if etag in [tag.strip() for tag in self.request.META.get("HTTP_IF_NONE_MATCH", "").split(",")]:
            response: HttpResponseBase = HttpResponseNotModified()
        else:
            data = make()
            response = streamed(data) if isinstance(data, Iterator) else json_response(data)
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache"
        response["Vary"] = "Authorization, Cookie"
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """A preflight, which comes without credentials; a site that is not allowed is told nothing."""
        response = HttpResponse(status=204)
        del response["Content-Type"]
        response["Allow"] = ", ".join(self.allowed_methods)
        return response

    def finalize_response(self, request: Request, response: Answer, *args: Any, **kwargs: Any) -> Answer:
        response = super().finalize_response(request, response, *args, **kwargs)
        cors = cors_headers(request._request, slug=self.kwargs.get("project"), secret=self.kwargs.get("secret"))
        if cors and request.method == "OPTIONS":
            cors |= {
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": HEADERS,
                "Access-Control-Max-Age": "7200",
            }
        for name, value in cors.items():
            response[name] = value
        response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "Origin"]))
        return response


def streamed(pieces: Iterator[bytes]) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces, content_type="application/json")


@schema.tasks
class TasksView(GanttView):
    """All rows that a chart shows at first, and new ones."""

    resource = "tasks"
    permissions = {"get": "gantt.view_task", "post": "gantt.add_task"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.tasks_json(self.project))

    def post(self, request: Request, **kwargs: Any) -> Answer:
        return self.write()


@schema.task
class TaskView(GanttView):
    """The rows below one row; update, move, copy and delete of a row."""

    resource = "tasks"
    # Whether a PUT changes or adds is in its body: the services check.
    permissions = {"get": "gantt.view_task", "delete": "gantt.delete_task"}

    def get(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.tasks_json(self.project, path_id(self.call, row)))

    def put(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)

    def delete(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)


@schema.links
class LinksView(GanttView):
    """All links between rows that a chart shows at first, and new ones."""

    resource = "links"
    permissions = {"get": "gantt.view_link", "post": "gantt.add_link"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        links_read(self.project, self.call.client)
        return self.read(lambda: selectors.links_list(self.project))

    def post(self, request: Request, **kwargs: Any) -> Answer:
        return self.write()


@schema.link
class LinkView(GanttView):
    """The links of the rows below one row (the id of a task); update and delete of a link (its own id)."""

    resource = "links"
    permissions = {"get": "gantt.view_link", "put": "gantt.change_link", "delete": "gantt.delete_link"}

    def get(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.links_list(self.project, path_id(self.call, row)))

    def put(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)

    def delete(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)


@schema.resources
class ResourcesView(GanttView):
    """Everybody who can be assigned to a task."""

    resource = "resources"
    permissions = {"get": "gantt.view_resource"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.resources_list(self.project))


@schema.assignments
class AssignmentsView(GanttView):
    """Who works on what, and new assignments."""

    resource = "assignments"
    permissions = {"get": "gantt.view_assignment", "post": "gantt.add_assignment"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.assignments_list(self.project))

    def post(self, request: Request, **kwargs: Any) -> Answer:
        return self.write()


@schema.assignment
class AssignmentView(GanttView):
    """The assignments of the rows below one row (the id of a task); update and delete of an assignment (its own id)."""

    resource = "assignments"
    permissions = {
        "get": "gantt.view_assignment",
        "put": "gantt.change_assignment",
        "delete": "gantt.delete_assignment",
    }

    def get(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.read(lambda: selectors.assignments_list(self.project, path_id(self.call, row)))

    def put(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)

    def delete(self, request: Request, row: str, **kwargs: Any) -> Answer:
        return self.write(row)


@schema.batch
class BatchView(GanttView):
    """Several writes in one transaction."""

    # The services check the right of each request.
    permissions = {"post": "gantt.view_task"}

    def post(self, request: Request, **kwargs: Any) -> Answer:
        status, answers = batch_run(self.call, request.data)
        return json_response(answers, status=status)


@csrf_exempt
def tidied(request: HttpRequest, path: str) -> HttpResponseBase:
    """
    A base address that ends in a slash makes `/gantt/demo//tasks`: answer as if it did not.

    No redirect: a browser turns a redirected PUT into a failure.
    """
    tidy = re.sub("/{2,}", "/", path).strip("/")
    if tidy == path:
        raise Http404
    match = resolve(f"/{tidy}", urlconf="gantt.api.urls")
    return match.func(request, *match.args, **match.kwargs)
