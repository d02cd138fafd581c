"""Remembers in which log-in another phone or address was asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_personal_copy")]
    operations = [
        migrations.AddField("contactchange", "log_in_id", models.BigIntegerField(null=True)),
    ]
