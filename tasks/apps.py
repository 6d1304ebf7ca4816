from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "MileApp tasks"

    def ready(self) -> None:
        from tasks import hooks  # noqa: F401  (connects the receivers)
