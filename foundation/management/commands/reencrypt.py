"""`manage.py reencrypt`: seals all personal data under the first key of FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.resealing import encrypted_fields, reseal_batch


class Command(BaseCommand):
    """Works in batches while the portal runs; may be stopped and started again."""

    help = "Seals all personal data under the first key of FIELD_KEYS"

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many values of each column were sealed anew."""
        for field in encrypted_fields():
            count = 0
            while batch := reseal_batch(field):
                count += batch
            self.stdout.write(f"{field.model._meta.label_lower}.{field.name}: {count}")
