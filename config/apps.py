from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root: it alone sees every context."""

    name = "config"
    verbose_name = "Taskyard"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)
