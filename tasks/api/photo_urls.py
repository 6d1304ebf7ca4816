"""Photos have the vendor's addresses, below the host itself: /<organization>/<year>/<month>/<day>/<file>."""

from hubs.api.dialect import route
from tasks.api.views import TaskPhotoViewSet

urlpatterns = [
    route(r"(?P<organization_id>[0-9a-f]{24})/(?P<path>\d{4}/\d\d/\d\d/[^/]+\.jpg)", TaskPhotoViewSet, get="retrieve"),
]
