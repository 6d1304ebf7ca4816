"""Routes as the vendor's web server knows them: any case, and an optional .json, .xml or .tml at the end."""

import re
from functools import cached_property
from typing import Any

from django.urls import URLPattern
from django.urls.resolvers import RoutePattern
from rest_framework.viewsets import ViewSetMixin

SUFFIX = re.compile(r"\.(?:json|xml|tml)\Z", re.IGNORECASE)


class PortalRoute(RoutePattern):
    """A route that ignores case; as an endpoint also the known suffixes."""

    _is_endpoint: bool

    @cached_property
    def ignoring_case(self) -> re.Pattern[str]:
        return re.compile(self.regex.pattern, re.IGNORECASE)

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]] | None:
        bare = SUFFIX.sub("", path) if self._is_endpoint else path
        found = self.ignoring_case.match(bare)
        if found is None:
            return None
        captured = found.groupdict().items()
        try:
            return bare[found.end() :], (), {name: self.converters[name].to_python(text) for name, text in captured}
        except ValueError:
            return None


def route(path: str, views: type[ViewSetMixin], extra: dict[str, str] | None = None, **actions: Any) -> URLPattern:
    """`route("crm/task", TaskViews, post="create")`; `extra` are values for the view that stand in the path itself."""
    return URLPattern(PortalRoute(path, is_endpoint=True), views.as_view(actions), extra)
