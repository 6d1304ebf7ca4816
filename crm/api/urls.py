from crm.api.routes import route
from crm.api.views.categories import CategoryViews
from crm.api.views.contacts import ContactViews
from crm.api.views.people import AuthenticationViews, PeopleViews
from crm.api.views.records import CaseViews, OpportunityViews, StageViews
from crm.api.views.tasks import TaskViews
from crm.api.views.templates import ContainerViews, TemplateViews

TASK, CATEGORY, CONTAINER = "crm/task/<int:taskid>", "crm/task/category/<int:id>", "crm/tasktemplatecontainer"

urlpatterns = [
    route("authentication", AuthenticationViews, post="create"),
    route("people/@self", PeopleViews, get="me"),
    route("people", PeopleViews, post="create"),
    route("crm/task", TaskViews, post="create"),
    route("crm/task/filter", TaskViews, get="index"),
    route(TASK, TaskViews, get="retrieve", put="update", delete="destroy"),
    route(f"{TASK}/close", TaskViews, put="close"),
    route(f"{TASK}/reopen", TaskViews, put="reopen"),
    route(f"{TASK}/creationdate", TaskViews, put="creation_date"),
    route(f"{TASK}/lastmodifeddate", TaskViews, put="last_modified_date"),
    route("crm/contact/task/group", TaskViews, post="group"),
    route("crm/task/category", CategoryViews, get="index", post="create"),
    route("crm/task/category/reorder", CategoryViews, put="reorder"),
    route(CATEGORY, CategoryViews, get="retrieve", put="update", delete="destroy"),
    route(f"{CATEGORY}/icon", CategoryViews, put="icon"),
    *(
        route(f"crm/{kind}/tasktemplatecontainer", ContainerViews, {"entityType": kind}, get="index", post="create")
        for kind in ("contact", "person", "company", "opportunity", "case")
    ),
    route(f"{CONTAINER}/<int:containerid>", ContainerViews, get="retrieve", put="update", delete="destroy"),
    route(f"{CONTAINER}/<int:containerid>/tasktemplate", TemplateViews, get="index", post="create", put="update"),
    route(f"{CONTAINER}/tasktemplate/<int:id>", TemplateViews, get="retrieve", delete="destroy"),
    route("crm/contact/filter", ContactViews, get="index"),
    route("crm/contact/simple/filter", ContactViews, get="simple"),
    route("crm/contact/person", ContactViews, post="person"),
    route("crm/contact/company", ContactViews, post="company"),
    route("crm/contact/merge", ContactViews, put="merge"),
    route("crm/contact/<int:contactid>", ContactViews, get="retrieve", delete="destroy"),
    route("crm/case", CaseViews, post="create"),
    route("crm/case/<int:caseid>", CaseViews, get="retrieve", delete="destroy"),
    route("crm/case/<int:caseid>/close", CaseViews, put="close"),
    route("crm/case/<int:caseid>/reopen", CaseViews, put="reopen"),
    route("crm/opportunity", OpportunityViews, post="create"),
    route("crm/opportunity/stage", StageViews, get="index"),
    route("crm/opportunity/<int:opportunityid>", OpportunityViews, get="retrieve", delete="destroy"),
]
