"""Tasks under /api/v3: the vendor's eighteen operations."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.api.authentication import BearerAuthentication, SessionAuthentication
from core.api.errors import NotFound, Unauthenticated
from core.api.parsers import MultiPartParser
from hubs.api.dialect import MileAppViewSet, PageRequest, flag, page_object, page_request
from tasks import selectors, services
from tasks.api import schema
from tasks.api.filters import GalleryFilter, TaskFilter, cursor_read, order_read, tracking_rows
from tasks.api.serializers import bulk_answer, bulk_rows_read, cursor_page, gallery_item, list_items, public_data
from tasks.documents import document_of
from tasks.inputs import input_read
from tasks.lifecycle import Status
from tasks.models import Task, TaskPhoto
from tasks.people import people_of
from tasks.services.changes import Result

CREATED = "Task has been created"
SUCCESS = "Success"
EXPIRED = "You can't track this task because it has expired."


class TaskViewSet(MileAppViewSet):
    """Create, read, list and change single tasks."""

    permissions = {
        "create": "tasks.add_task",
        "replace": "tasks.change_task",
        "update": "tasks.change_task",
        "assign": "tasks.change_task",
        "move": "tasks.change_task",
        "destroy": "tasks.delete_task",
    }

    @schema.task_list
    def list(self, request: Request) -> Response:
        filters = TaskFilter(self.params, actor=self.actor)
        if flag(self.params.get("lazyLoad")):
            return self._cursor_list(filters)
        asked = page_request(self.params)
        ids = filters.ids(order_read(self.params), offset=asked.offset, limit=asked.size + 1)
        documents = selectors.task_documents(ids, self.actor.organization)
        # A total that was not counted to its end still leads to every page: one row more than asked tells of the next.
        total = max(filters.total(), asked.offset + len(documents)) if documents else filters.total()
        data = list_items(documents[: asked.size], self.params.get("fields"))
        return self._listed(filters, page_object(request, asked, total=total, data=data))

    def _cursor_list(self, filters: TaskFilter) -> Response:
        asked = PageRequest(number=1, size=page_request({**self.params, "page": "1"}).size)
        rows, cursor = filters.ordered(["-id"]), cursor_read(self.params)
        if cursor:
            rows = rows.filter(id__lt=cursor)
        documents = _page(rows, asked, self.actor)
        more = len(documents) > asked.size
        data = list_items(documents[: asked.size], self.params.get("fields"))
        return self._listed(filters, cursor_page(self.request, asked, total=filters.total(), data=data, more=more))

    def _listed(self, filters: TaskFilter, page: dict[str, Any]) -> Response:
        counts = filters.counts
        _, changed = filters.overview
        return Response(
            {
                "status": True,
                "message": "Success.",
                "tasks": page,
                "metadata": {
                    "counting": {"doneTotal": counts[Status.DONE], "ongoingTotal": counts[Status.ONGOING]},
                    "sourceDataTask": "-",
                },
                "dataVersion": str(int(changed.timestamp()) if changed else 0),
            }
        )

    @schema.task_create
    def create(self, request: Request) -> Response:
        result = services.task_create(actor=self.actor, given=input_read(self.body))
        return self._one(result, message=CREATED, status=201)

    @schema.task_retrieve
    def retrieve(self, request: Request, task_id: str) -> Response:
        task = selectors.task_get(actor=self.actor, task_id=task_id)
        people = people_of([task.pk]).get(task.pk, []) if task.status != Status.UNASSIGNED else []
        document = {**document_of(task, people), "histories": selectors.task_histories(task)}
        return Response({"status": True, "message": SUCCESS, "task": document})

    @schema.task_replace
    def replace(self, request: Request, task_id: str) -> Response:
        return self._one(services.task_replace(actor=self.actor, task_id=task_id, body=self.body))

    @schema.task_update
    def update(self, request: Request, task_id: str) -> Response:
        return self._one(services.task_update(actor=self.actor, task_id=task_id, body=self.body))

    @schema.task_assign
    def assign(self, request: Request, task_id: str) -> Response:
        return self._one(services.task_assign(actor=self.actor, task_id=task_id, body=self.body))

    @schema.task_move
    def move(self, request: Request, task_id: str) -> Response:
        return self._one(services.task_move(actor=self.actor, task_id=task_id, body=self.body))

    @schema.task_destroy
    def destroy(self, request: Request, task_id: str) -> Response:
        return self._one(services.task_delete(actor=self.actor, task_id=task_id))

    def _one(self, result: Result, message: str = SUCCESS, status: int = 200) -> Response:
        body = {"status": True, "message": message, "task": document_of(*result)}
        return Response(body, status=status)


class TaskBulkViewSet(MileAppViewSet):
    """Many tasks in one call: partial success, one item per row."""

    permissions = {
        "create": "tasks.add_task",
        "replace": "tasks.change_task",
        "update": "tasks.change_task",
        "assign": "tasks.change_task",
        "move": "tasks.change_task",
        "destroy": "tasks.delete_task",
    }

    @schema.bulk_create
    def create(self, request: Request) -> Response:
        return self._bulk("create", status=201)

    @schema.bulk_replace
    def replace(self, request: Request) -> Response:
        return self._bulk("put")

    @schema.bulk_update
    def update(self, request: Request) -> Response:
        return self._bulk("patch")

    @schema.bulk_assign
    def assign(self, request: Request) -> Response:
        return self._bulk("assign")

    @schema.bulk_move
    def move(self, request: Request) -> Response:
        return self._bulk("move")

    @schema.bulk_destroy
    def destroy(self, request: Request) -> Response:
        return self._bulk("delete")

    def _bulk(self, operation: str, status: int = 200) -> Response:
        rows, background = bulk_rows_read(self.body), self.body.get("background")
        if background in (True, "true", 1):
            services.bulk_request_create(actor=self.actor, operation=operation, rows=rows)
            message = f"{_BACKGROUND[operation]} task request has been received."
            return Response({"status": True, "message": message}, status=status)
        results = services.rows_run(actor=self.actor, operation=operation, rows=rows)
        return Response(bulk_answer(rows, results, CREATED if operation == "create" else SUCCESS), status=status)


_BACKGROUND = {
    "create": "Create",
    "put": "Update",
    "patch": "Update",
    "assign": "Assign",
    "move": "Move",
    "delete": "Delete",
}


class TaskReportViewSet(MileAppViewSet):
    """The customer's page, the photo gallery and the tracking figures."""

    open_to_all = frozenset({"public"})

    @schema.task_public
    def public(self, request: Request, task_id: str) -> Response:
        task = selectors.task_public(task_id)
        if timezone.now() > task.end_time:
            raise Unauthenticated(EXPIRED, code="expired")
        data = public_data(task, selectors.task_histories(task))
        return Response({"status": True, "message": "Success.", "data": data})

    @schema.task_gallery
    def gallery(self, request: Request) -> Response:
        asked, filters = page_request(self.params), GalleryFilter(self.params, actor=self.actor)
        rows = filters.rows.order_by(*order_read(self.params))
        documents = _page(rows, asked, self.actor)
        fields = self.params.get("fields")
        shown = documents[: asked.size]
        data = list_items(shown, fields) if fields else list(map(gallery_item, shown))
        total = rows.order_by().values("pk")[: selectors.COUNT_LIMIT].count()
        page = {
            "current_page": asked.number,
            "data": data,
            "buffer": [],
            "page_processed": str(asked.number),
            "last_page": len(documents) <= asked.size,
            "total_estimate": str(total),
            "countProcessed": asked.offset + len(data),
        }
        return Response({"status": True, "message": "Success.", "tasks": page})

    @schema.task_tracking
    def tracking(self, request: Request) -> Response:
        figures = selectors.tracking(tracking_rows(self.params, actor=self.actor))
        # Positions of workers are not recorded, so no source of positions can be named.
        return Response({**figures, "createdFrom": []})


class TaskPhotoViewSet(MileAppViewSet):
    """Photos in by multipart upload, and out to the organization alone."""

    permissions = {"create": "tasks.change_task", "retrieve": "tasks.view_task"}

    def get_parsers(self) -> list[Any]:
        return [MultiPartParser()]

    def get_authenticators(self) -> list[Any]:
        # Photos are shown in the console, too.
        return [BearerAuthentication(), SessionAuthentication()]

    @schema.photo_create
    def create(self, request: Request, name: str) -> Response:
        photo = services.photo_create(actor=self.actor, name=name, file=request.FILES.get("photo"))
        return Response({"status": True, "url": photo_url(request, photo)})

    @schema.photo_retrieve
    def retrieve(self, request: Request, organization_id: str, path: str) -> FileResponse:
        organization = self.actor.organization
        photo = TaskPhoto.objects.of(organization).filter(path=path).exclude(file="").first()
        if organization.object_id != organization_id or photo is None:
            raise NotFound
        response = FileResponse(photo.file.open("rb"), content_type="image/jpeg", filename="photo.jpg")
        # Whatever a file claims to be, a browser shall not run it.
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, max-age=3600"
        return response


def _page(rows: QuerySet[Task], asked: PageRequest, actor: Actor) -> list[dict[str, Any]]:
    """The rows of the page, and one more if there is one."""
    return selectors.task_page(rows, actor.organization, offset=asked.offset, limit=asked.size + 1)


def photo_url(request: Any, photo: TaskPhoto) -> str:
    """`https://HOST/<organization>/<year>/<month>/<day>/<epoch>_<name>.jpg`."""
    return request.build_absolute_uri(f"/{photo.organization.object_id}/{photo.path}")
