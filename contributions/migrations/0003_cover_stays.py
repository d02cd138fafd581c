"""A coverage period never changes and is never lost: nothing moves or shortens what was paid."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION contributions_refuse_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'coverage period % stays as it was paid for', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER contributions_cover_stays BEFORE UPDATE OR DELETE
    ON contributions_coverageperiod
    FOR EACH ROW EXECUTE FUNCTION contributions_refuse_period_change();
"""
FORGET = """
DROP TRIGGER contributions_cover_stays ON contributions_coverageperiod;
DROP FUNCTION contributions_refuse_period_change();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0002_reminder")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
