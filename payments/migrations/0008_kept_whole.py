"""No table of history may be emptied, a payment stays what was asked for, and bodies have digests.

The database cannot open a body, so it cannot tell a new seal from another body: that takes the
digest, which is written with the message and never changes. `reencrypt` and `check_invariants`
hold bodies against it.
"""

from django.db import migrations

from foundation.encryption import BlindIndexField, blind_index

HISTORY = [
    *("paymentstatuschange", "gatewaymessage", "casestatuschange", "refundstatuschange"),
    *("refund", "settlementfile", "settlementline"),
]
KEEP_TABLES = """
CREATE FUNCTION payments_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is history', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
    CREATE TRIGGER payments_{name}s_not_emptied BEFORE TRUNCATE ON payments_{name}
        FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_emptying();
    """
    for name in HISTORY
)
FORGET_TABLES = (
    "".join(f"DROP TRIGGER payments_{name}s_not_emptied ON payments_{name};" for name in HISTORY)
    + "DROP FUNCTION payments_refuse_emptying();"
)

KEEP_PAYMENT = """
CREATE FUNCTION payments_refuse_payment_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_resealed boolean := split_part(NEW.request, ':', 1) <> split_part(OLD.request, ':', 1)
        AND NEW.request ~ '^[^:]+:[A-Za-z0-9+/=]{38,}$';
BEGIN
    IF (NEW.reference, NEW.contribution_id, NEW.amount, NEW.bank_id, NEW.bank_name, NEW.started_at)
        IS DISTINCT FROM
        (OLD.reference, OLD.contribution_id, OLD.amount, OLD.bank_id, OLD.bank_name, OLD.started_at)
        OR NEW.request <> OLD.request AND NOT is_resealed
    THEN
        RAISE EXCEPTION 'payment % is what was asked for', OLD.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_facts_stay
    BEFORE UPDATE OF reference, contribution_id, amount, bank_id, bank_name, started_at, request
    ON payments_payment FOR EACH ROW EXECUTE FUNCTION payments_refuse_payment_change();
"""
FORGET_PAYMENT = """
DROP TRIGGER payments_facts_stay ON payments_payment;
DROP FUNCTION payments_refuse_payment_change();
"""

UNGUARD, GUARD = [
    f"ALTER TABLE payments_gatewaymessage {act} TRIGGER payments_messages_are_judged_once"
    for act in ("DISABLE", "ENABLE")
]


def write_digests(apps, schema_editor):
    """Of the bodies of before."""
    messages = apps.get_model("payments", "GatewayMessage").objects
    for message in messages.only("raw").iterator(chunk_size=500):
        messages.filter(pk=message.pk).update(digest=blind_index("raw", message.raw))


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_settlement_files")]
    operations = [
        migrations.AddField("gatewaymessage", "digest", BlindIndexField(source="raw")),
        migrations.RunSQL(UNGUARD, GUARD),
        migrations.RunPython(write_digests, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(KEEP_TABLES, FORGET_TABLES),
        migrations.RunSQL(KEEP_PAYMENT, FORGET_PAYMENT),
    ]
