"""Task category routes."""

from django.http import HttpResponse
from rest_framework.request import Request

from core.api.errors import NotFound
from crm import services
from crm.api.objects.tasks import category_object
from crm.api.schema import CATEGORY_BODY, ID, TEXT, array, objects, operation
from crm.api.views.base import PortalViewSet
from crm.counts import categories_count
from crm.models import TaskCategory
from crm.services import CategoryData


class CategoryViews(PortalViewSet):
    """Everybody reads, administrators write."""

    permissions = {"retrieve": "crm.view_taskcategory", "index": "crm.view_taskcategory"}

    @operation("Get all task categories", objects.Category, many=True, name="crm_task_category_list")
    def index(self, request: Request) -> HttpResponse:
        categories = list(TaskCategory.objects.of(self.actor.organization))
        return self.answer_list(self.printed(categories), "taskCategory")

    @operation("Get a task category", objects.Category)
    def retrieve(self, request: Request, id: int) -> HttpResponse:
        category = TaskCategory.objects.of(self.actor.organization).filter(pk=self.number("id")).first()
        if category is None:
            raise NotFound
        return self.answer_category(category)

    @operation("Create a task category", objects.Category, status=201, body=CATEGORY_BODY | {"imageName*": TEXT})
    def create(self, request: Request) -> HttpResponse:
        return self.answer_category(services.category_create(actor=self.actor, data=self.data_read()), 201)

    @operation("Update a task category", objects.Category, body=CATEGORY_BODY)
    def update(self, request: Request, id: int) -> HttpResponse:
        category_id = self.number("id")
        data = self.data_read()
        return self.answer_category(services.category_update(actor=self.actor, category_id=category_id, data=data))

    @operation("Change the icon of a task category", objects.Category, body={"imageName": TEXT})
    def icon(self, request: Request, id: int) -> HttpResponse:
        image = self.parameters.text("imageName") or ""
        return self.answer_category(
            services.category_icon(actor=self.actor, category_id=self.number("id"), image=image)
        )

    @operation("Change the order of task categories", objects.Category, many=True, body={"titles": array(TEXT)})
    def reorder(self, request: Request) -> HttpResponse:
        titles = self.parameters.texts("titles")
        categories = services.categories_reorder(actor=self.actor, titles=titles)
        return self.answer_list(self.printed(categories), "taskCategory")

    @operation("Delete a task category", objects.Category, body={"newcategoryid": ID})
    def destroy(self, request: Request, id: int) -> HttpResponse:
        heir = self.parameters.integer("newcategoryid")
        category_id = self.number("id")
        return self.answer_category(
            services.category_delete(actor=self.actor, category_id=category_id, new_category_id=heir)
        )

    def answer_category(self, category: TaskCategory, status: int = 200) -> HttpResponse:
        return self.answer(self.printed([category])[0], status)

    def printed(self, categories: list[TaskCategory]) -> list[dict]:
        counts = categories_count(self.actor.organization, [category.pk for category in categories])
        return [category_object(category, counts.get(category.pk, 0)) for category in categories]

    def data_read(self) -> CategoryData:
        read = self.parameters
        return CategoryData(
            title=read.text("title") or "",
            description=read.text("description"),
            image=read.text("imageName"),
            sort_order=read.integer("sortOrder"),
        )
