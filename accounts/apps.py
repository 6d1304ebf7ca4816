from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from django.contrib.auth.models import Group

        from accounts import groups

        post_migrate.connect(groups.groups_ensure, dispatch_uid="accounts.groups_ensure")
        m2m_changed.connect(groups.forget, sender=Group.permissions.through, dispatch_uid="accounts.groups.forget")
