"""Re-encrypts stored secrets after SECRET_KEY has been changed."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from accounts import crypto


class Command(BaseCommand):
    help = (
        "Encrypts every stored secret (access keys, webhook secrets) anew with SECRET_KEY. Run it after changing the "
        "key, with the former one in SECRET_KEY_FALLBACKS; afterwards the fallback is not needed for them."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for model, field in encrypted_fields():
            count = sum(rotate(model, field, pk) for pk in model._default_manager.values_list("pk", flat=True))
            self.stdout.write(f"{model._meta.label}.{field}: {count}")


def encrypted_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that accounts.crypto writes; their names end in _encrypted."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("_encrypted") and not model._meta.proxy:
                yield model, field.name


def rotate(model: type[models.Model], field: str, pk: Any) -> bool:
    row = model._default_manager.select_for_update().only(field).get(pk=pk)
    secret = bytes(getattr(row, field) or b"")
    if not secret:
        return False
    model._default_manager.filter(pk=pk).update(**{field: crypto.rotate(secret)})
    return True
