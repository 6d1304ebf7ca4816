"""The six operations of the to-do family, raising a to-do (our own addition), and the files' addresses."""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.errors import Invalid, TooLarge
from soc.api import schema
from soc.api.actions import action_apply
from soc.api.base import SecMasterView, WorkspaceView
from soc.api.dialect import SUCCESS, SecMasterUpload, envelope
from soc.api.files import file_open, file_url
from soc.api.serializers import (
    attachment_info,
    list_filter,
    list_range,
    raise_fields,
    row_info,
    todo_info,
    uploaded_info,
)
from soc.models import Todo
from soc.selectors import NO_PARTS, attachment_get, todo_get, todo_page, todo_parts
from soc.services import attachment_upload, todo_raise


class TaskListView(WorkspaceView):
    permissions = {"get": "soc.view_todo", "post": "soc.add_todo"}

    @schema.LIST_TASKS
    def get(self, request: Request, **ids: str) -> Response:
        zone = self.actor.organization.zone
        wanted = list_filter(request.query_params, zone)
        offset, limit = list_range(request.query_params)
        page = todo_page(user=request.user, workspace=self.workspace, wanted=wanted, offset=offset, limit=limit)
        parts = todo_parts([row.id for row in page.rows])
        return Response({
            "code": SUCCESS,
            "message": "",
            "total": page.total,
            "page": offset // limit + 1,
            "size": limit,
            "request_id": self.request_id,
            "success": True,
            "data": [row_info(row, self.workspace, parts, zone) for row in page.rows],
        })  # fmt: skip

    @schema.RAISE_TASK
    def post(self, request: Request, **ids: str) -> Response:
        fields = raise_fields(self.body, self.actor.organization)
        todo, is_new = todo_raise(actor=self.actor, workspace=self.workspace, fields=fields)
        parts = NO_PARTS if is_new else todo_parts([todo.pk])
        info = todo_info(todo, parts, self.actor.organization.zone)
        return Response(envelope(self.request_id, info), status=201 if is_new else 200)


class TaskView(SecMasterView):
    """A route below a workspace: project and workspace are looked up after the credential, before anything else."""

    permissions = {"get": "soc.view_todo", "put": "soc.change_todo"}
    todo: Todo

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Before the body is read: an unknown id is told before a bad body.
        self.todo = todo_get(
            user=request.user,
            project_id=kwargs["project_id"],
            workspace_id=kwargs["workspace_id"],
            todo_id=kwargs["task_id"],
        )

    @schema.SHOW_TASK
    def get(self, request: Request, **ids: str) -> Response:
        return self._answer()

    @schema.UPDATE_TASK
    def put(self, request: Request, **ids: str) -> Response:
        action_apply(actor=self.actor, todo=self.todo, body=self.body)
        return self._answer()

    def _answer(self) -> Response:
        info = todo_info(self.todo, todo_parts([self.todo.pk]), self.actor.organization.zone)
        return Response(envelope(self.request_id, info))


class AttachmentUploadView(WorkspaceView):
    dialect = SecMasterUpload
    permissions = {"post": "soc.add_attachment"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.dialect.max_body:
            raise TooLarge(f"An upload has at most {self.dialect.max_body} bytes.")
        super().initial(request, *args, **kwargs)

    @schema.UPLOAD_ATTACHMENT
    def post(self, request: Request, **ids: str) -> Response:
        if request.POST.get("fileType", "user_task") != "user_task":
            raise Invalid("fileType: must be user_task", field="fileType")
        if "uploadFile" not in request.FILES:
            raise Invalid("uploadFile: required", field="uploadFile")
        attachment = attachment_upload(actor=self.actor, workspace=self.workspace, file=request.FILES["uploadFile"])
        return Response(envelope(self.request_id, uploaded_info(attachment)))


class AttachmentView(WorkspaceView):
    permissions = {"get": "soc.view_attachment"}

    @schema.SHOW_ATTACHMENT
    def get(self, request: Request, attach_id: str, **ids: str) -> Response:
        attachment = attachment_get(workspace=self.workspace, attachment_id=attach_id)
        return Response(envelope(self.request_id, attachment_info(attachment, self.actor.organization.zone)))


class AttachmentDownloadView(WorkspaceView):
    permissions = {"get": "soc.view_attachment"}

    @schema.DOWNLOAD_ATTACHMENT
    def get(self, request: Request, attach_id: str, **ids: str) -> Response:
        attachment = attachment_get(workspace=self.workspace, attachment_id=attach_id, with_deleted=False)
        return Response(envelope(self.request_id, file_url(request._request, attachment, request.user.pk)))


class FileView(SecMasterView):
    """The bytes behind an address that DownloadAttachment gave out."""

    open_to_all = frozenset({"get"})

    @schema.FILE
    def get(self, request: Request, ticket: str) -> HttpResponseBase:
        return file_open(ticket)
