"""The shapes of the vendor's objects, for the OpenAPI document only.

No member is required: `fields` can leave out any, and many vanish at null, 0 or false.
"""

from functools import partial
from typing import Any

from rest_framework import serializers

text = partial(serializers.CharField, required=False)
flag = partial(serializers.BooleanField, required=False)
whole = partial(serializers.IntegerField, required=False)
guid = partial(serializers.UUIDField, required=False)
moment = partial(
    serializers.CharField,
    required=False,
    help_text="Wall time of the portal, seven digits of fraction and the offset: `2008-04-10T09:30:00.0000000+03:00`.",
)
absent = "Left out at 0 or false."


def shape(name: str, /, **fields: Any) -> type[serializers.Serializer]:
    """A serializer class, which becomes the component `name` of the document."""
    return type(name, (serializers.Serializer,), fields)


Employee = shape(
    "Employee",
    id=guid(),
    displayName=text(help_text="`Profile has been removed` for an unknown user."),
    title=text(),
    avatarSmall=text(),
    profileUrl=text(),
)
Person = shape(
    "Person",
    id=guid(),
    userName=text(),
    isVisitor=flag(),
    firstName=text(),
    lastName=text(),
    email=text(),
    status=whole(help_text="1 active, 2 disabled"),
    activationStatus=whole(),
    terminated=text(allow_null=True),
    department=text(),
    workFrom=moment(),
    displayName=text(),
    title=text(),
    mobilePhone=text(),
    avatarMedium=text(),
    avatar=text(),
    isAdmin=flag(),
    isLDAP=flag(),
    isOwner=flag(),
    isSSO=flag(),
    avatarSmall=text(),
    profileUrl=text(),
)
Token = shape("Token", token=text(), expires=moment())
Email = shape(
    "ContactEmail",
    id=whole(),
    infoType=whole(help_text="1, an e-mail address"),
    category=whole(),
    data=text(),
    categoryName=text(),
    isPrimary=flag(),
)
CONTACT = {
    "smallFotoUrl": text(),
    "mediumFotoUrl": text(),
    "displayName": text(),
    "isCompany": flag(),
    "accessList": Employee(many=True, required=False, help_text="The managers, of private contacts only."),
    "isPrivate": flag(),
    "isShared": flag(),
    "shareType": whole(help_text="0 none, 1 read and write, 2 read"),
    "currency": text(allow_null=True),
    "canEdit": flag(),
    "canDelete": flag(),
    "id": whole(),
}
ContactBase = shape("ContactBase", **CONTACT)
TaskContact = shape("TaskContact", email=Email(required=False), **CONTACT)
Contact = shape(
    "Contact",
    firstName=text(),
    lastName=text(),
    company=ContactBase(required=False),
    title=text(),
    companyName=text(),
    personsCount=whole(),
    createBy=Employee(required=False),
    created=moment(),
    about=text(),
    commonData=Email(many=True, required=False),
    customFields=serializers.ListField(required=False),
    tags=serializers.ListField(required=False),
    taskCount=whole(help_text=absent),
    haveLateTasks=flag(),
    **CONTACT,
)
Category = shape(
    "TaskCategory",
    relativeItemsCount=whole(help_text=f"Tasks of the category, on single calls. {absent}"),
    imagePath=text(),
    title=text(),
    description=text(),
    color=text(),
    sortOrder=whole(help_text=absent),
    id=whole(),
)
Entity = shape("TaskEntity", entityType=text(help_text="`opportunity` or `case`"), entityId=whole(), entityTitle=text())
TASK = {
    "title": text(),
    "description": text(),
    "deadLine": moment(),
    "alertValue": whole(help_text=f"Minutes before the deadline. {absent}"),
    "responsible": Employee(required=False),
    "isClosed": flag(help_text=absent),
    "category": Category(required=False),
}
Task = shape(
    "Task",
    createBy=Employee(required=False),
    created=moment(),
    contact=TaskContact(required=False),
    **TASK,
    entity=Entity(required=False),
    canEdit=flag(help_text=absent),
    id=whole(),
)
TaskBase = shape("TaskBase", **TASK, id=whole())
ContactWithTask = shape("ContactWithTask", task=TaskBase(required=False), contact=Contact(required=False))
Template = shape(
    "TaskTemplate",
    containerID=whole(),
    title=text(),
    description=text(),
    responsible=Employee(required=False),
    category=Category(required=False),
    isNotify=flag(),
    offsetTicks=whole(help_text="Units of 100 ns."),
    deadLineIsFixed=flag(),
    id=whole(),
)
Container = shape(
    "TaskTemplateContainer",
    title=text(),
    entityType=text(help_text="`Contact`, `Person`, `Company`, `Opportunity` or `Case`"),
    items=Template(many=True, required=False),
    id=whole(),
)
Stage = shape(
    "OpportunityStage",
    relativeItemsCount=whole(help_text=absent),
    successProbability=whole(),
    stageType=whole(help_text="0 open, 1 won, 2 lost"),
    title=text(),
    description=text(),
    color=text(),
    sortOrder=whole(help_text=absent),
    id=whole(),
)
Case = shape(
    "Case",
    members=ContactBase(many=True, required=False),
    createBy=Employee(required=False),
    created=moment(),
    title=text(),
    isClosed=flag(),
    isPrivate=flag(),
    accessList=Employee(many=True, required=False),
    canEdit=flag(),
    customFields=serializers.ListField(required=False),
    id=whole(),
)
Currency = shape("Currency", title=text(), symbol=text(), abbreviation=text())
Opportunity = shape(
    "Opportunity",
    createBy=Employee(required=False),
    created=moment(),
    members=ContactBase(many=True, required=False),
    contact=ContactBase(required=False),
    title=text(),
    description=text(),
    responsible=Employee(required=False),
    bidType=whole(help_text=absent),
    bidValue=serializers.FloatField(required=False, help_text=absent),
    bidCurrency=Currency(required=False),
    perPeriodValue=whole(help_text=absent),
    stage=Stage(required=False),
    successProbability=whole(help_text=absent),
    actualCloseDate=moment(),
    expectedCloseDate=moment(),
    isPrivate=flag(),
    accessList=Employee(many=True, required=False),
    canEdit=flag(),
    customFields=serializers.ListField(required=False),
    id=whole(),
)
ErrorText = shape(
    "ErrorText",
    message=serializers.CharField(),
    hresult=serializers.IntegerField(),
    data=serializers.DictField(),
)
Error = shape(
    "Error",
    startIndex=whole(),
    status=serializers.IntegerField(help_text="1"),
    statusCode=serializers.IntegerField(),
    error=ErrorText(),
)
