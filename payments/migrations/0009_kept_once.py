"""The same message by the same way is one row that counts; a count only grows."""

from django.db import migrations, models
from django.db.models import Q

FUNCTION = """
CREATE OR REPLACE FUNCTION payments_refuse_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judgement text[] := ARRAY['verdict', 'detail', 'certificate', 'payment_id'];
BEGIN
    {allowed}
    IF to_jsonb(NEW) - 'raw' = to_jsonb(OLD) - 'raw'
        AND split_part(NEW.raw, ':', 1) <> split_part(OLD.raw, ':', 1)
        AND NEW.raw ~ '^[^:]+:[A-Za-z0-9+/=]{38,}$'
    THEN
        RETURN NEW;
    END IF;
    IF OLD.verdict <> 'unjudged' OR to_jsonb(NEW) - judgement <> to_jsonb(OLD) - judgement THEN
        RAISE EXCEPTION 'message % is kept as it came and was judged', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
COUNTED = """
    IF NEW.repeats > OLD.repeats AND to_jsonb(NEW) - ARRAY['repeats', 'last_repeated_at']
        = to_jsonb(OLD) - ARRAY['repeats', 'last_repeated_at']
    THEN
        RETURN NEW;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_kept_whole")]
    operations = [
        migrations.AddField(
            "gatewaymessage",
            "fingerprint",
            models.CharField(
                blank=True,
                editable=False,
                help_text="Of what may be posted again.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            "gatewaymessage",
            "repeats",
            models.PositiveIntegerField(
                default=0,
                help_text="How often the same came again by the same way, and was forgotten.",
            ),
        ),
        migrations.AddField(
            "gatewaymessage", "last_repeated_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddIndex(
            "gatewaymessage",
            models.Index(
                condition=Q(verdict="unverified"),
                fields=["order_number"],
                name="message_unverified_of_order",
            ),
        ),
        migrations.AddConstraint(
            "gatewaymessage",
            models.UniqueConstraint(
                condition=~Q(fingerprint=""), fields=["fingerprint"], name="message_kept_once"
            ),
        ),
        migrations.RunSQL(
            FUNCTION.replace("{allowed}", COUNTED), FUNCTION.replace("{allowed}", "")
        ),
    ]
