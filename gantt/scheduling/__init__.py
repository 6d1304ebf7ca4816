"""Server-side scheduling: working calendar, dates along the links, slack, critical path; free of Django."""

from .calendar import CalendarError, WorkingCalendar
from .network import Activity, Dependency, ScheduleError
from .plan import Conflict, Placed, Schedule, schedule

__all__ = [
    "Activity",
    "CalendarError",
    "Conflict",
    "Dependency",
    "Placed",
    "Schedule",
    "ScheduleError",
    "WorkingCalendar",
    "schedule",
]
