"""All routes of production, and those of the yardsticks."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from benchmarks.peers import floor
from benchmarks.peers.stock import VisitViewSet
from config import urls

router = DefaultRouter()
router.register("visits", VisitViewSet)

urlpatterns = [
    path("floor/visits", floor.rows),
    path("floor/visits/<int:pk>", floor.row),
    path("stock/", include(router.urls)),
    *urls.urlpatterns,
]
handler404, handler500 = urls.handler404, urls.handler500
