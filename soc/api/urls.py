"""Routes without trailing slash, at the host's root: the vendor's SDK drops a path prefix and follows no redirect."""

from django.urls import path, register_converter

from soc.api import iam, views


class OpaqueId:
    """Any text as an id, slashes and newlines inside included: the SDK percent-encodes them, they arrive decoded."""

    regex = "[^/](?s:.*[^/])?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OpaqueId, "opaque_id")

_SOC = "v1/<str:project_id>/workspaces/<str:workspace_id>/soc"

urlpatterns = [
    path("v3/auth/tokens", iam.TokenView.as_view()),
    path("v3/projects", iam.ProjectListView.as_view()),
    path(f"{_SOC}/tasks", views.TaskListView.as_view()),
    path(f"{_SOC}/tasks/<opaque_id:task_id>", views.TaskView.as_view()),
    path(f"{_SOC}/attachment/upload", views.AttachmentUploadView.as_view()),
    path(f"{_SOC}/attachment/<opaque_id:attach_id>/download", views.AttachmentDownloadView.as_view()),
    path(f"{_SOC}/attachment/<opaque_id:attach_id>", views.AttachmentView.as_view()),
    path("v1/soc/files/<str:ticket>", views.FileView.as_view(), name="soc-file"),
]
