"""Query parameters of hub, team and user lists; the bases serve flows and tasks too."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from accounts.groups import ADMINISTRATOR, GROUPS
from accounts.models import User
from core.actor import Actor
from core.api.errors import Invalid
from hubs.api.dialect import BAD_REQUEST
from hubs.models import Hub, Team
from hubs.roles import role_id


class CommaFilter(filters.BaseInFilter, filters.CharFilter):
    """A comma list: rows whose column is one of its values."""


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
    byUser = filters.BooleanFilter(method="own")

    class Meta:
        model = Hub
        fields: list[str] = []

    def own(self, queryset: QuerySet, _: str, value: bool) -> QuerySet:
        return queryset.filter(users=self.actor.user) if value else queryset


class TeamFilter(MileAppFilterSet):
    hubId = CommaFilter(field_name="hub")

    class Meta:
        model = Team
        fields: list[str] = []


class UserFilter(MileAppFilterSet):
    hubId = CommaFilter(method="of_hubs")
    teamId = CommaFilter(method="of_teams")
    roleId = CommaFilter(method="of_roles")
    status = CommaFilter(method="of_status")
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
        """Ours are active or disabled; nobody has the vendor's other states."""
        return queryset.filter(is_active__in=[active for name, active in _STATUS.items() if name in statuses])

    def named(self, queryset: QuerySet, _: str, text: str) -> QuerySet:
        parts = [Q(**{f"{column}__icontains": text}) for column in ("name", "first_name", "last_name", "email")]
        return queryset.filter(parts[0] | parts[1] | parts[2] | parts[3])


_STATUS = {"active": True, "disabled": False}
