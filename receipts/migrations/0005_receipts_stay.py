"""No receipt is ever deleted: a wrong one stays, void, and its number is never another's."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION receipts_refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'receipt % stays', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts_receipt
    FOR EACH ROW EXECUTE FUNCTION receipts_refuse_deletion();
"""
FORGET = """
DROP TRIGGER receipts_stay ON receipts_receipt;
DROP FUNCTION receipts_refuse_deletion();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0004_code_and_correction")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
