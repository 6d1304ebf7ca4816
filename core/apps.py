from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "System"

    def ready(self) -> None:
        # Jobs and periodic work register themselves when their module is imported.
        autodiscover_modules("jobs")
