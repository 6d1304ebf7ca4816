"""The base of the vendor's views: one bag of parameters in, one envelope out."""

from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from core.api.errors import Invalid, MethodNotAllowed
from core.api.views import DialectViewSet
from crm.api.dialect import OnlyOffice, envelope, options_answer
from crm.api.dialect.lists import Item, List, ListOptions
from crm.api.dialect.parameters import Parameters, body_members, query_members
from crm.api.objects import Caller


class PortalViewSet(DialectViewSet):
    """Actions return `self.answer(payload)`; `self.parameters` is the vendor's bag of inputs."""

    dialect = OnlyOffice

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "OPTIONS":
            return options_answer()
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.action is None:
            # No route to the vendor's web server, whoever asks.
            raise MethodNotAllowed
        super().initial(request, *args, **kwargs)
        # Read before the action: a query string that cannot be read must not be found out after a write.
        _ = self.options_of_list

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The vendor never reads Accept: the answer's format is in the path.
        renderer = self.dialect.renderers[0]
        return renderer, renderer.media_type

    @property
    def zone(self) -> tzinfo:
        """The portal's time zone; UTC as long as nobody is logged in."""
        return self.actor.organization.zone if self.request.user else UTC

    @cached_property
    def parameters(self) -> Parameters:
        request = self.request._request
        route = ((name, str(value)) for name, value in self.kwargs.items())
        body = body_members(request, self.dialect.max_body)
        return Parameters(route, query_members(request.GET), body, zone=self.zone)

    @cached_property
    def options_of_list(self) -> ListOptions:
        return ListOptions.of(self.request._request.GET, self.zone)

    @cached_property
    def caller(self) -> Caller:
        request = self.request._request
        return Caller(self.actor, f"{request.scheme}://{request.get_host()}")

    def number(self, name: str) -> int:
        """The id in the path; Invalid for 0, which the vendor takes for a missing argument."""
        number = self.parameters.integer(name)
        if number <= 0:
            raise Invalid(field=name)
        return number

    def answer(self, payload: Item | List | None, status: int = 200) -> HttpResponse:
        """The envelope around one object, a page of a list, or nothing ({}); `fields` is applied here."""
        options = self.options_of_list
        if isinstance(payload, List):
            payload = List([options.chosen(item) for item in payload.items], payload.total, payload.next_index)
        return envelope.success(self.request._request, options.chosen(payload), status)

    def answer_list(self, items: list[Item], item_type: str) -> HttpResponse:
        """A complete list, which is sorted, filtered and cut by the query string."""
        return self.answer(List.of_objects(items, self.options_of_list, item_type))
