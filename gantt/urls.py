"""The routes of this context: the REST protocol and the chart page."""

from django.urls import include, path, re_path

from gantt import views

urlpatterns = [
    re_path(r"^gantt/(?P<project>[-\w]+)/?$", views.chart, name="gantt-chart"),
    path("", include("gantt.api.urls")),
]
