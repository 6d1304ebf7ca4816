"""Every write of the CRM. One module per resource; callers import from here."""

from crm.services.cases import CaseData, case_close, case_create, case_delete, case_reopen, case_update
from crm.services.categories import (
    CategoryData,
    categories_reorder,
    category_create,
    category_delete,
    category_icon,
    category_place,
    category_update,
)
from crm.services.contacts import ContactData, contact_create, contact_delete, contact_merge, contact_update
from crm.services.opportunities import OpportunityData, opportunity_create, opportunity_delete, opportunity_update
from crm.services.seeding import organization_seed
from crm.services.tasks import (
    TaskData,
    task_close,
    task_create,
    task_create_many,
    task_delete,
    task_put,
    task_reopen,
    task_stamp,
    task_update,
)
from crm.services.templates import (
    TemplateData,
    container_apply,
    container_create,
    container_delete,
    container_update,
    template_create,
    template_delete,
    template_update,
)

__all__ = [
    "CaseData",
    "CategoryData",
    "ContactData",
    "OpportunityData",
    "TaskData",
    "TemplateData",
    "case_close",
    "case_create",
    "case_delete",
    "case_reopen",
    "case_update",
    "categories_reorder",
    "category_create",
    "category_delete",
    "category_icon",
    "category_place",
    "category_update",
    "contact_create",
    "contact_delete",
    "contact_merge",
    "contact_update",
    "container_apply",
    "container_create",
    "container_delete",
    "container_update",
    "opportunity_create",
    "opportunity_delete",
    "opportunity_update",
    "organization_seed",
    "task_close",
    "task_create",
    "task_create_many",
    "task_delete",
    "task_put",
    "task_reopen",
    "task_stamp",
    "task_update",
    "template_create",
    "template_delete",
    "template_update",
]
