"""The routes of this context: the REST protocol and the chart page."""

from django.urls import include, path

urlpatterns = [path("", include("gantt.api.urls"))]
