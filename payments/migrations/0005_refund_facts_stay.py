"""What a refund is about never changes, and refunds never come to more than was paid.

Nor does the history of cases and refunds. The payment's row is locked while the sum is taken, so
that two refunds asked for at once see each other.
"""

from django.db import migrations

REFUSE_CHANGES = """
CREATE TRIGGER payments_case_events_only_grow
    BEFORE UPDATE OR DELETE ON payments_casestatuschange
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_event_change();
CREATE TRIGGER payments_refund_events_only_grow
    BEFORE UPDATE OR DELETE ON payments_refundstatuschange
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_event_change();

CREATE FUNCTION payments_refuse_refund_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movable text[] := ARRAY['status', 'approved_at', 'approved_by_id', 'bank_reference'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - movable <> to_jsonb(OLD) - movable
        OR OLD.approved_at IS NOT NULL
        AND (NEW.approved_at, NEW.approved_by_id) IS DISTINCT FROM (OLD.approved_at, OLD.approved_by_id)
    THEN
        RAISE EXCEPTION 'refund % stays as it was asked for and approved', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_refund_facts_stay BEFORE UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_refund_change();

CREATE FUNCTION payments_refuse_refund_above_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    refunded numeric;
BEGIN
    SELECT amount INTO paid FROM payments_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO refunded FROM payments_refund
        WHERE payment_id = NEW.payment_id AND status <> 'refused' AND id <> NEW.id;
    IF refunded + NEW.amount > paid THEN
        RAISE EXCEPTION 'refunds of payment % come to more than was paid', NEW.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_refunds_within_payment BEFORE INSERT ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_refund_above_payment();
"""
ALLOW_CHANGES = """
DROP TRIGGER payments_case_events_only_grow ON payments_casestatuschange;
DROP TRIGGER payments_refund_events_only_grow ON payments_refundstatuschange;
DROP TRIGGER payments_refund_facts_stay ON payments_refund;
DROP TRIGGER payments_refunds_within_payment ON payments_refund;
DROP FUNCTION payments_refuse_refund_change();
DROP FUNCTION payments_refuse_refund_above_payment();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_cases_and_refunds")]
    operations = [migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES)]
