from django.apps import AppConfig


class GanttConfig(AppConfig):
    name = "gantt"
    verbose_name = "SVAR Gantt"
