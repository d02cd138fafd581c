"""Payment events and gateway messages are append-only, whoever holds the database's password.

A stored message may be judged, once. The one thing that may go again is nonsense: what no trusted
certificate signed and what names no order of ours.
"""

from django.db import migrations, models

REFUSE_CHANGES = """
CREATE FUNCTION payments_refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payment event % is history', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payments_events_only_grow
    BEFORE UPDATE OR DELETE ON payments_paymentstatuschange
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_event_change();

CREATE FUNCTION payments_refuse_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judgement text[] := ARRAY['verdict', 'detail', 'certificate', 'payment_id'];
BEGIN
    IF OLD.verdict <> 'unjudged' OR to_jsonb(NEW) - judgement <> to_jsonb(OLD) - judgement THEN
        RAISE EXCEPTION 'message % is kept as it came and was judged', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_messages_are_judged_once BEFORE UPDATE ON payments_gatewaymessage
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_message_change();

CREATE FUNCTION payments_refuse_message_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verdict = 'unverified' AND OLD.payment_id IS NULL AND NOT EXISTS
        (SELECT FROM payments_payment WHERE reference = OLD.order_number)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'message % is evidence', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payments_messages_are_kept BEFORE DELETE ON payments_gatewaymessage
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_message_loss();
"""
ALLOW_CHANGES = """
DROP TRIGGER payments_events_only_grow ON payments_paymentstatuschange;
DROP TRIGGER payments_messages_are_judged_once ON payments_gatewaymessage;
DROP TRIGGER payments_messages_are_kept ON payments_gatewaymessage;
DROP FUNCTION payments_refuse_event_change();
DROP FUNCTION payments_refuse_message_change();
DROP FUNCTION payments_refuse_message_loss();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_case_open_once_a_detail")]
    operations = [
        migrations.AddIndex(
            model_name="gatewaymessage",
            index=models.Index(
                condition=models.Q(("verdict", "unverified")),
                fields=["received_at"],
                name="message_unverified",
            ),
        ),
        migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES),
    ]
