"""What became of a message: who carried it, when it went out and whether it came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_audit_chain")]
    operations = [
        migrations.AddField(
            "outboxrow",
            "channel",
            models.CharField(
                blank=True, default="", help_text="Set when a message went out.", max_length=4
            ),
            preserve_default=False,
        ),
        migrations.AddField("outboxrow", "sent_at", models.DateTimeField(null=True)),
        migrations.AddField("outboxrow", "delivered_at", models.DateTimeField(null=True)),
        migrations.AddField("outboxrow", "undelivered_at", models.DateTimeField(null=True)),
    ]
