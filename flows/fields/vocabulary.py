"""The words of a flow: reserved keys, components, input types and the groups that field lists filter by."""

RESERVED_KEYS = (  # noqa: SIM905
    "_id flow flowId organizationId hub hubId isDeleted title content label orderIndex status startTime endTime "
    "updatedTime assignee assignedTo assignedBy assignedTime createdBy createdFrom createdTime doneBy doneCoordinate "
    "doneTime openTaskTime waitingTime travelDuration duration distance eta etd assignedVehicleId assignedVehicle "
    "routePlannedOrder expectedCoordinate refId createdCoordinate organization isSample doneFrom expectedDoneTime "
    "geoLock geoLockTrigger idLocal idleDuration updatedBy useGeoLock syncedTime histories Handover routingResultId "
    "parentTaskId autoSplit splitNumber useVisitGroup visitGroup visitGroupPriority appVersion deviceInformation "
    "automationRefId automationRefType taskType parentId subId workflow"
).split()

# The vendor reserves these three as well, yet its own flow examples use them as component ids.
DISPLAY_KEYS = ("title", "content", "label")
FORBIDDEN_KEYS = frozenset(RESERVED_KEYS) - frozenset(DISPLAY_KEYS)
RESERVED_NAMES = ("Activity", "Handover")

INITIAL_PAGE = "page0"

COMPONENTS = ("input", "select", "photo", "signature", "view", "bill", "list", "timer", "voice", "capture")
# `min` and `max` count what was chosen or taken.
COUNTED = ("select", "photo")
INPUT_TYPES = (
    "String", "Date", "Datetime", "Time", "Numeric", "Address", "Geolocation", "PhoneNumber", "URL", "Currency",
)  # fmt: skip
LIST_TYPES = ("text", "checkbox", "quantity")
ROUTE_AS = (
    "VisitName", "Address", "OpenTime", "CloseTime", "VisitDuration", "Coordinate", "Tag", "Constraint.weight",
    "Constraint.volume",
)  # fmt: skip
SHOW_AS = (*DISPLAY_KEYS, "expectedCoordinate")

# `fieldType` of /flow-fields and /flow-components: which components each name lets through.
FIELD_GROUPS: dict[str, tuple[str, ...]] = {
    "basicStructurData": ("input", "select"),
    "structurData": ("input", "select", "timer", "list", "bill"),
    "singleValue": ("input", "timer", "voice"),
    "image": ("photo", "signature"),
    "listItemData": ("list", "bill"),
}


# Every spelling of a type that is checked → its kind.
_KINDS = {name.lower(): name.lower() for name in INPUT_TYPES} | {"number": "numeric", "currency": "numeric"}


def kind_of(component: dict) -> str:
    """How a component's value is checked: the lower-case input type for inputs, else the component itself.

    The vendor's pages spell types in several cases, and `number` for Numeric; types that nobody documented are text.
    """
    if component["component"] != "input":
        return str(component["component"])
    return _KINDS.get(str(component.get("type")).lower(), "string")


def components_of(pages: list[dict], *, page: str = "") -> list[dict]:
    """The components of all pages, or of the one named, in order."""
    return [component for item in pages if page in ("", item["id"]) for component in item["components"]]
