"""What Django REST framework gives by itself: a ModelViewSet with token, permission, paging and filter."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.authentication import TokenAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from benchmarks.peers.models import Visit


class VisitSerializer(ModelSerializer):
    class Meta:
        model = Visit
        fields = "__all__"


class Pages(PageNumberPagination):
    page_size = 50


class VisitViewSet(ModelViewSet):
    queryset = Visit.objects.all()
    serializer_class = VisitSerializer
    authentication_classes = [TokenAuthentication]
    permission_classes = [DjangoModelPermissions]
    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_fields = ["status", "hub"]
