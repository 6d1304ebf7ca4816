from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "ONLYOFFICE CRM"

    def ready(self) -> None:
        from crm import receivers  # noqa: F401
