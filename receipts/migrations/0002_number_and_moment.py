"""What the database keeps of a receipt: its number's sequence, and that it never changes.

The sequence is never reset; a number whose transaction was rolled back stays unused. Of a stored
receipt only the PDF may be added, once, and the mail be noted. The IC number may be sealed anew,
because keys are rotated.
"""

from django.db import migrations

REFUSE_CHANGES = """
CREATE FUNCTION receipts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeable text[] := ARRAY['file', 'sha256', 'drawn_at', 'mailed_at', 'ic_number'];
BEGIN
    IF to_jsonb(NEW) - changeable IS DISTINCT FROM to_jsonb(OLD) - changeable THEN
        RAISE EXCEPTION 'receipt % states what it stated', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256 THEN
        RAISE EXCEPTION 'the PDF of receipt % is drawn once', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_never_change BEFORE UPDATE ON receipts_receipt
    FOR EACH ROW EXECUTE FUNCTION receipts_refuse_change();
"""
ALLOW_CHANGES = """
DROP TRIGGER receipts_never_change ON receipts_receipt;
DROP FUNCTION receipts_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE receipts_number_seq", "DROP SEQUENCE receipts_number_seq"
        ),
        migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES),
    ]
