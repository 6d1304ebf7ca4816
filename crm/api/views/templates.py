"""Task template routes: containers by kind of record, and the templates in them."""

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.models import User
from core.api.errors import NotFound
from crm import services
from crm.api.objects.tasks import container_object, template_object
from crm.api.schema import CONTAINER_BODY, ID, TEMPLATE_BODY, objects, operation
from crm.api.views.base import PortalViewSet
from crm.counts import categories_count
from crm.models import ContainerType, TaskTemplate, TaskTemplateContainer
from crm.services import TemplateData


class TemplateObjects(PortalViewSet):
    """Prints containers with their templates, in one query per table."""

    def containers_of(self, containers: list[TaskTemplateContainer]) -> list[dict[str, Any]]:
        templates = TaskTemplate.objects.of(self.actor.organization).filter(container__in=containers)
        found = list(templates.select_related("category"))
        items: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for template, item in zip(found, self.templates_of(found), strict=True):
            items[template.container_id].append(item)
        return [container_object(container, items[container.pk]) for container in containers]

    def templates_of(self, templates: list[TaskTemplate]) -> list[dict[str, Any]]:
        organization = self.actor.organization
        users = User.objects.of(organization).in_bulk({item.responsible_id for item in templates}, field_name="guid")
        counts = categories_count(organization, {template.category_id for template in templates})
        return [template_object(template, users, counts, self.caller) for template in templates]

    def container_get(self, name: str) -> TaskTemplateContainer:
        containers = TaskTemplateContainer.objects.of(self.actor.organization)
        container = containers.filter(pk=self.number(name)).first()
        if container is None:
            raise NotFound
        return container


class ContainerViews(TemplateObjects):
    permissions = {"retrieve": "crm.view_tasktemplatecontainer", "index": "crm.view_tasktemplatecontainer"}

    @operation("Get all template containers of a kind", objects.Container, many=True)
    def index(self, request: Request, **kwargs: Any) -> HttpResponse:
        containers = TaskTemplateContainer.objects.of(self.actor.organization).filter(entity_type=self.kind())
        return self.answer_list(self.containers_of(list(containers)), "taskTemplateContainer")

    @operation("Create a template container", objects.Container, status=201, body=CONTAINER_BODY)
    def create(self, request: Request, **kwargs: Any) -> HttpResponse:
        container = services.container_create(
            actor=self.actor, title=self.parameters.text("title"), entity_type=self.kind()
        )
        return self.answer(container_object(container, []), 201)

    @operation("Get a template container", objects.Container)
    def retrieve(self, request: Request, containerid: int) -> HttpResponse:
        return self.answer(self.containers_of([self.container_get("containerid")])[0])

    @operation("Rename a template container", objects.Container, body=CONTAINER_BODY)
    def update(self, request: Request, containerid: int) -> HttpResponse:
        container = services.container_update(
            actor=self.actor, container_id=self.number("containerid"), title=self.parameters.text("title")
        )
        return self.answer(self.containers_of([container])[0])

    @operation("Delete a template container", objects.Container)
    def destroy(self, request: Request, containerid: int) -> HttpResponse:
        container, templates = services.container_delete(actor=self.actor, container_id=self.number("containerid"))
        return self.answer(container_object(container, self.templates_of(templates)))

    def kind(self) -> ContainerType:
        """The kind of record, which is a literal part of the path."""
        return ContainerType[self.kwargs["entityType"].upper()]


class TemplateViews(TemplateObjects):
    permissions = {"retrieve": "crm.view_tasktemplate", "index": "crm.view_tasktemplate"}

    @operation("Get the templates of a container", objects.Template, many=True, name="crm_container_tasktemplate_list")
    def index(self, request: Request, containerid: int) -> HttpResponse:
        templates = self.container_get("containerid").templates.select_related("category")
        return self.answer_list(self.templates_of(list(templates)), "taskTemplate")

    @operation("Create a task template", objects.Template, status=201, body=TEMPLATE_BODY)
    def create(self, request: Request, containerid: int) -> HttpResponse:
        container_id, data = self.number("containerid"), self.data_read()
        return self.answer_template(
            services.template_create(actor=self.actor, container_id=container_id, data=data), 201
        )

    @operation("Update a task template", objects.Template, body=TEMPLATE_BODY | {"id*": ID})
    def update(self, request: Request, containerid: int) -> HttpResponse:
        container_id, template_id = self.number("containerid"), self.number("id")
        return self.answer_template(
            services.template_update(
                actor=self.actor, container_id=container_id, template_id=template_id, data=self.data_read()
            )
        )

    @operation("Get a task template", objects.Template)
    def retrieve(self, request: Request, id: int) -> HttpResponse:
        templates = TaskTemplate.objects.of(self.actor.organization).select_related("category")
        template = templates.filter(pk=self.number("id")).first()
        if template is None:
            raise NotFound
        return self.answer_template(template)

    @operation("Delete a task template", objects.Template)
    def destroy(self, request: Request, id: int) -> HttpResponse:
        return self.answer_template(services.template_delete(actor=self.actor, template_id=self.number("id")))

    def answer_template(self, template: TaskTemplate, status: int = 200) -> HttpResponse:
        return self.answer(self.templates_of([template])[0], status)

    def data_read(self) -> TemplateData:
        read = self.parameters
        return TemplateData(
            title=read.text("title"),
            description=read.text("description"),
            responsible_id=read.guid("responsibleid"),
            category_id=read.integer("categoryid"),
            is_notify=read.boolean("isNotify"),
            offset_ticks=read.long("offsetTicks"),
            deadline_is_fixed=read.boolean("deadLineIsFixed"),
        )
