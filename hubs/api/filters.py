"""Query parameters of hub, team and user lists; the bases serve flows and tasks too."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from django_filters.fields import BaseCSVField
from django_filters.widgets import BaseCSVWidget

from accounts.groups import ADMINISTRATOR, GROUPS
from accounts.models import User
from core.actor import Actor
from core.api.errors import Invalid
from hubs.api.dialect import BAD_REQUEST, comma, flag
from hubs.models import Hub, Team
from hubs.roles import role_id

_is_flag = RegexValidator(r"\A(true|false|1|0)\Z", flags=re.IGNORECASE)


class FlagFilter(filters.CharFilter):
    """`true`, `false`, `1` or `0`, in any case; read it by `flag`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[_is_flag], **kwargs)


class _CommaWidget(BaseCSVWidget):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return comma(data.get(name))


class _CommaField(BaseCSVField):
    base_widget_class = _CommaWidget


class CommaFilter(filters.BaseInFilter, filters.CharFilter):
    """A comma list: rows whose column is one of its values; an empty list chooses nothing."""

    base_field_class = _CommaField


class CommaChoiceFilter(filters.BaseInFilter, filters.ChoiceFilter):
    """A comma list of known words."""

    base_field_class = _CommaField


class MileAppFilterSet(filters.FilterSet):
    """A filterset whose bad values are the vendor's 400; parameters that it does not know are ignored."""

    def __init__(self, params: dict[str, str], queryset: QuerySet, *, actor: Actor) -> None:
        super().__init__(data=params, queryset=queryset)
        self.actor = actor

    @property
    def rows(self) -> QuerySet:
        if not self.is_valid():
            raise Invalid(BAD_REQUEST, field=next(iter(self.errors)))
        return self.qs


class HubFilter(MileAppFilterSet):
    name = filters.CharFilter(field_name="name")
    q = filters.CharFilter(field_name="name", lookup_expr="icontains")
    byUser = FlagFilter(method="own")

    class Meta:
        model = Hub
        fields: list[str] = []

    def own(self, queryset: QuerySet, _: str, value: str) -> QuerySet:
        return queryset.filter(users=self.actor.user) if flag(value) else queryset


class TeamFilter(MileAppFilterSet):
    hubId = CommaFilter(field_name="hub")

    class Meta:
        model = Team
        fields: list[str] = []


# The vendor's states of a user. Ours are active or disabled; nobody has the others.
_STATUS: dict[str, bool | None] = {
    "active": True,
    "disabled": False,
    "inactive": None,
    "pending": None,
    "reject": None,
}


class UserFilter(MileAppFilterSet):
    hubId = CommaFilter(method="of_hubs")
    teamId = CommaFilter(method="of_teams")
    roleId = CommaFilter(method="of_roles")
    status = CommaChoiceFilter(method="of_status", choices=[(name, name) for name in _STATUS])
    q = filters.CharFilter(method="named")

    class Meta:
        model = User
        fields: list[str] = []

    def of_hubs(self, queryset: QuerySet, _: str, ids: Iterable[str]) -> QuerySet:
        return queryset.filter(pk__in=Hub.users.through.objects.filter(hub__in=ids).values("user"))

    def of_teams(self, queryset: QuerySet, _: str, ids: Iterable[str]) -> QuerySet:
        return queryset.filter(pk__in=Team.users.through.objects.filter(team__in=ids).values("user"))

    def of_roles(self, queryset: QuerySet, _: str, ids: Iterable[str]) -> QuerySet:
        names = [name for name in GROUPS if role_id(self.actor.organization, name) in ids]
        wanted = Q(pk__in=User.objects.filter(groups__name__in=names).values("pk"))
        return queryset.filter(wanted | Q(is_superuser=True) if ADMINISTRATOR in names else wanted)

    def of_status(self, queryset: QuerySet, _: str, statuses: Iterable[str]) -> QuerySet:
        wanted = {_STATUS[name] for name in statuses}
        return queryset.filter(is_active__in=wanted - {None})

    def named(self, queryset: QuerySet, _: str, text: str) -> QuerySet:
        parts = [Q(**{f"{column}__icontains": text}) for column in ("name", "first_name", "last_name", "email")]
        return queryset.filter(parts[0] | parts[1] | parts[2] | parts[3])
