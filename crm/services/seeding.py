"""What every organization begins with."""

from accounts.models import Organization
from crm.models import Stage, StageType, TaskCategory

CATEGORIES = (
    ("Phone call", "call"),
    ("Opportunity", "deal"),
    ("Demo", "demo"),
    ("Email", "email"),
    ("Fax", "fax"),
    ("Execution control", "follow_up"),
    ("Lunch", "lunch"),
    ("Appointment", "meeting"),
    ("Note", "note"),
    ("Delivery", "ship"),
    ("Social networks", "social_networks"),
    ("Expression of gratitude", "thank_you"),
)
STAGES = (
    ("Initial contact", 1, StageType.OPEN),
    ("Application of initial fit criteria", 2, StageType.OPEN),
    ("Suspect", 3, StageType.OPEN),
    ("Need assessment", 20, StageType.OPEN),
    ("Qualified prospect", 50, StageType.OPEN),
    ("Proposal", 75, StageType.OPEN),
    ("Negotiations", 90, StageType.OPEN),
    ("Closure/Transaction", 100, StageType.WON),
    ("Unsuccessfully closed", 0, StageType.LOST),
)


def organization_seed(*, organization: Organization) -> None:
    """The vendor's twelve task categories and nine stages, for a new organization."""
    TaskCategory.objects.bulk_create(
        TaskCategory(organization=organization, title=title, image=f"task_category_{suffix}.png", sort_order=place)
        for place, (title, suffix) in enumerate(CATEGORIES, start=1)
    )
    Stage.objects.bulk_create(
        Stage(organization=organization, title=title, probability=percent, stage_type=kind, sort_order=place)
        for place, (title, percent, kind) in enumerate(STAGES, start=1)
    )
