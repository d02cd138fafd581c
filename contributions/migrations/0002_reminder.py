"""Reminders, each once; and the end of cover as an index, for the clock looks for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddIndex(
            "coverageperiod", models.Index(fields=["coverage_ends_at"], name="coverage_end")
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        choices=[("taxi", "Teksi"), ("e_hailing", "E-hailing"), ("bus", "Bas")],
                        max_length=12,
                    ),
                ),
                ("coverage_ends_at", models.DateTimeField()),
                ("days_before", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "sector", "coverage_ends_at", "days_before"),
                        name="reminder_once",
                    )
                ],
            },
        ),
    ]
