"""A judged message still never changes; only its body may be sealed anew, under another key.

The database cannot open the body, so it asks that the version of the key is another one.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION payments_refuse_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judgement text[] := ARRAY['verdict', 'detail', 'certificate', 'payment_id'];
BEGIN
    {allowed}
    IF OLD.verdict <> 'unjudged' OR to_jsonb(NEW) - judgement <> to_jsonb(OLD) - judgement THEN
        RAISE EXCEPTION 'message % is kept as it came and was judged', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
RESEALED = """
    IF to_jsonb(NEW) - 'raw' = to_jsonb(OLD) - 'raw'
        AND split_part(NEW.raw, ':', 1) <> split_part(OLD.raw, ':', 1)
        AND NEW.raw ~ '^[^:]+:[A-Za-z0-9+/=]{38,}$'
    THEN
        RETURN NEW;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_refund_facts_stay")]
    operations = [
        migrations.RunSQL(FUNCTION.format(allowed=RESEALED), FUNCTION.format(allowed=""))
    ]
