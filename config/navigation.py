"""The console's side bar: one group per vendor. Entries that a user may not see are left out."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def entry(title: str, icon: str, model: str) -> dict[str, Any]:
    """A link to the list page of MODEL ("tasks.task"), shown to those who may view it."""
    app, name = model.split(".")

    def permitted(request: HttpRequest) -> bool:
        return request.user.has_perm(f"{app}.view_{name}")

    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": permitted,
    }


def group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "collapsible": True, "items": list(items)}


SIDEBAR: dict[str, Any] = {
    "show_search": True,
    "navigation": [
        {"items": [{"title": "Dashboard", "icon": "dashboard", "link": reverse_lazy("admin:index")}]},
        group(
            "MileApp",
            entry("Tasks", "checklist", "tasks.task"),
            entry("Photos", "photo_library", "tasks.taskphoto"),
            entry("Imports", "upload_file", "tasks.taskimport"),
            entry("Bulk calls", "dynamic_feed", "tasks.bulkrequest"),
            entry("Flows", "account_tree", "flows.flow"),
            entry("Flow log", "manage_history", "flows.flowlog"),
            entry("Hubs", "warehouse", "hubs.hub"),
            entry("Teams", "groups", "hubs.team"),
            entry("Members", "badge", "hubs.member"),
        ),
        group(
            "ONLYOFFICE CRM",
            entry("Tasks", "checklist", "crm.task"),
            entry("Contacts", "contacts", "crm.contact"),
            entry("Opportunities", "monetization_on", "crm.opportunity"),
            entry("Cases", "cases", "crm.case"),
            entry("Categories", "category", "crm.taskcategory"),
            entry("Template sets", "library_books", "crm.tasktemplatecontainer"),
            entry("Templates", "content_paste", "crm.tasktemplate"),
            entry("Stages", "stairs", "crm.stage"),
        ),
        group(
            "SecMaster",
            entry("To-dos", "rule", "soc.todo"),
            entry("Workspaces", "workspaces", "soc.workspace"),
            entry("Attachments", "attach_file", "soc.attachment"),
            entry("Comments", "chat", "soc.comment"),
            entry("Projects", "cloud", "soc.project"),
        ),
        group(
            "SVAR Gantt",
            entry("Projects", "view_timeline", "gantt.project"),
            entry("Tasks", "checklist", "gantt.task"),
            entry("Links", "link", "gantt.link"),
            entry("Resources", "groups", "gantt.resource"),
            entry("Assignments", "assignment_ind", "gantt.assignment"),
            entry("Baselines", "flag", "gantt.baseline"),
            entry("Share links", "share", "gantt.sharelink"),
        ),
        group(
            "People and access",
            entry("Users", "person", "accounts.user"),
            entry("Access tokens", "key", "accounts.accesstoken"),
            entry("Access keys", "vpn_key", "accounts.accesskey"),
            entry("Organization", "apartment", "accounts.organization"),
        ),
        group(
            "System",
            entry("Journal", "history", "core.journalentry"),
            entry("Background jobs", "sync", "core.job"),
        ),
    ],
}
