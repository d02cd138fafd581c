"""Moves the officers' authenticators to a table in which their secrets are encrypted."""

import django.db.models.deletion
import django_otp.plugins.otp_totp.models
from django.conf import settings
from django.db import migrations, models

import foundation.encryption

KEPT = [
    "user_id",
    "name",
    "confirmed",
    "created_at",
    "last_used_at",
    "throttling_failure_timestamp",
    "throttling_failure_count",
    "key",
    "drift",
    "last_t",
]


def move(source, target):
    """Moves every row from one app's device to the other's."""

    def moved(apps, schema_editor):
        old, new = apps.get_model(*source), apps.get_model(*target)
        for row in old.objects.values(*KEPT):
            made = new.objects.create(**row)
            # `created_at` is set when a row is made.
            new.objects.filter(pk=made.pk).update(created_at=row["created_at"])
        old.objects.all().delete()

    return moved


CLEAR, SEALED = ("otp_totp", "TOTPDevice"), ("accounts", "Authenticator")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_change_log_in"),
        ("otp_totp", "0003_add_timestamps"),
    ]
    operations = [
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                ("throttling_failure_timestamp", models.DateTimeField(blank=True, default=None, help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.", null=True)),
                ("throttling_failure_count", models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts.")),
                ("created_at", models.DateTimeField(auto_now_add=True, help_text="The date and time when this device was initially created in the system.", null=True)),
                ("last_used_at", models.DateTimeField(blank=True, help_text="The most recent date and time this device was used.", null=True)),
                ("key", foundation.encryption.EncryptedTextField(default=django_otp.plugins.otp_totp.models.default_key)),
                ("drift", models.SmallIntegerField(default=0)),
                ("last_t", models.BigIntegerField(default=-1)),
                ("user", models.ForeignKey(help_text="The user that this device belongs to.", on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(move(CLEAR, SEALED), move(SEALED, CLEAR)),
    ]
