"""Task routes."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from core.api.errors import Invalid, NotFound
from crm import services
from crm.api.dialect.lists import List
from crm.api.objects.tasks import task_object
from crm.api.schema import DATE, ID, TASK_BODY, TASK_QUERY, array, objects, operation
from crm.api.views.base import PortalViewSet
from crm.models import Task
from crm.models.records import EntityType
from crm.selectors.related import Related, related_counted, related_load
from crm.selectors.tasks import TaskFilter, task_get, tasks_page
from crm.services import TaskData


class TaskViews(PortalViewSet):
    """Single calls show the number of tasks of the category, lists do not."""

    permissions = {"retrieve": "crm.view_task", "index": "crm.view_task"}

    @operation("Get a task", objects.Task)
    def retrieve(self, request: Request, taskid: int) -> HttpResponse:
        task = task_get(self.actor, self.number("taskid"))
        return self.answer_task(task, related_counted(self.actor, task))

    @operation("Get tasks by filters", objects.Task, many=True, query=TASK_QUERY)
    def index(self, request: Request) -> HttpResponse:
        options = self.options_of_list
        if options.item_type not in ("", "task"):
            return self.answer(List([], total=0))
        tasks, total = tasks_page(
            self.actor,
            self.filter_read(),
            sort_by=options.sort_by,
            descending=options.descending,
            start=options.start,
            count=options.count,
        )
        related = related_load(self.actor, tasks)
        return self.answer(List.page([task_object(task, related, self.caller) for task in tasks], total, options))

    @operation("Create a task", objects.Task, status=201, body=TASK_BODY)
    def create(self, request: Request) -> HttpResponse:
        return self.answer_task(*services.task_create(actor=self.actor, data=self.data_read()), status=201)

    @operation("Update a task; an unknown id creates one", objects.Task, body=TASK_BODY)
    def update(self, request: Request, taskid: int) -> HttpResponse:
        task_id = self.parameters.integer("taskid")
        return self.answer_task(*services.task_put(actor=self.actor, task_id=task_id, data=self.data_read()))

    @operation("Delete a task", objects.Task)
    def destroy(self, request: Request, taskid: int) -> HttpResponse:
        return self.answer_task(*services.task_delete(actor=self.actor, task_id=self.number("taskid")))

    @operation("Close a task", objects.Task)
    def close(self, request: Request, taskid: int) -> HttpResponse:
        return self.answer_changed(services.task_close)

    @operation("Reopen a task", objects.Task)
    def reopen(self, request: Request, taskid: int) -> HttpResponse:
        return self.answer_changed(services.task_reopen)

    @operation(
        "Create a task for each contact", objects.Task, many=True, status=201, body=TASK_BODY | {"contactId": array(ID)}
    )
    def group(self, request: Request) -> HttpResponse:
        contacts = self.parameters.integers("contactId")
        data = self.data_read(contact_id=0)
        tasks, related = services.task_create_many(actor=self.actor, data=data, contact_ids=contacts)
        return self.answer(List([task_object(task, related, self.caller) for task in tasks]), 201)

    @operation("Set when a task was created", body={"creationDate*": DATE})
    def creation_date(self, request: Request, taskid: int) -> HttpResponse:
        return self.answer_stamped("creationDate", "created_at")

    @operation("Set when a task was last modified", body={"lastModifedDate*": DATE})
    def last_modified_date(self, request: Request, taskid: int) -> HttpResponse:
        return self.answer_stamped("lastModifedDate", "updated_at")

    def answer_task(self, task: Task, related: Related, status: int = 200) -> HttpResponse:
        return self.answer(task_object(task, related, self.caller), status)

    def answer_changed(self, service: Any) -> HttpResponse:
        """Close and reopen; for them alone the vendor calls a missing task a bad argument."""
        try:
            return self.answer_task(*service(actor=self.actor, task_id=self.number("taskid")))
        except NotFound as error:
            raise Invalid(field="taskid") from error

    def answer_stamped(self, parameter: str, column: str) -> HttpResponse:
        task_id, moment = self.parameters.integer("taskid"), self.parameters.moment(parameter)
        if moment is None:
            raise Invalid(field=parameter)
        services.task_stamp(actor=self.actor, task_id=task_id, **{column: moment})
        return self.answer(None)

    def data_read(self, contact_id: int | None = None) -> TaskData:
        """The parameters of POST and PUT; contact_id: given where the parameter of that name is a list."""
        read = self.parameters
        kind = read.text("entityType") or ""
        data = TaskData(
            title=read.text("title"),
            description=read.text("description"),
            deadline=read.moment("deadline"),
            responsible_id=read.guid("responsibleId"),
            category_id=read.integer("categoryId"),
            contact_id=read.integer("contactId") if contact_id is None else contact_id,
            entity_type=EntityType.__members__.get(kind.upper()),
            entity_id=read.integer("entityId"),
            alert_value=read.integer("alertValue"),
            notify=read.boolean("isNotify"),
        )
        if kind and data.entity_type is None:
            raise Invalid(field="entityType")
        return data

    def filter_read(self) -> TaskFilter:
        read = self.parameters
        entity_type = (read.text("entityType") or "").lower()
        if entity_type not in ("", "contact", "opportunity", "case"):
            raise Invalid(field="entityType")
        return TaskFilter(
            responsible_id=read.guid("responsibleid"),
            category_id=read.integer("categoryid"),
            is_closed=read.boolean_or_none("isClosed"),
            from_date=read.moment("fromDate"),
            to_date=read.moment("toDate"),
            entity_type=entity_type,
            entity_id=read.integer("entityid"),
            search=self.options_of_list.search,
            created_since=self.options_of_list.updated_since,
        )
