"""Lets a second officer confirm that a claimed account is closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

STATUSES = [
    ("opened", "Menunggu pegawai"),
    ("proposed", "Menunggu pegawai kedua"),
    ("waiting", "Menunggu 24 jam dan pengesahan"),
    ("settled", "Diselesaikan"),
    ("stopped", "Dihentikan oleh pemilik akaun"),
    ("refused", "Tidak diterima"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_authenticator")]
    operations = [
        migrations.AlterField(
            "accountcase",
            "status",
            models.CharField(choices=STATUSES, default="opened", max_length=10),
        ),
        migrations.AddField("accountcase", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "accountcase",
            "confirmed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "accountcase",
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="account_case_confirmed_pair",
            ),
        ),
        migrations.AddConstraint(
            "accountcase",
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")),
                name="account_case_two_officers",
            ),
        ),
    ]
