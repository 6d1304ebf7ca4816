from crm.models.contacts import Contact, ContactEmail, ShareType
from crm.models.records import BidType, Case, Opportunity, Stage, StageType
from crm.models.tasks import Task, TaskCategory, TaskCount, TaskWord
from crm.models.templates import ContainerType, TaskTemplate, TaskTemplateContainer

__all__ = [
    "BidType",
    "Case",
    "Contact",
    "ContactEmail",
    "ContainerType",
    "Opportunity",
    "ShareType",
    "Stage",
    "StageType",
    "Task",
    "TaskCategory",
    "TaskCount",
    "TaskTemplate",
    "TaskTemplateContainer",
    "TaskWord",
]
