"""Nor is the table of receipts emptied at one stroke."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION receipts_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'receipts stay' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER receipts_not_emptied BEFORE TRUNCATE ON receipts_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION receipts_refuse_emptying();
"""
FORGET = """
DROP TRIGGER receipts_not_emptied ON receipts_receipt;
DROP FUNCTION receipts_refuse_emptying();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0005_receipts_stay")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
