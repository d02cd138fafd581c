"""How contributions were paid stays as it was written, and no cover is lost at one stroke."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION contributions_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER contributions_events_only_grow BEFORE UPDATE OR DELETE
    ON contributions_contributionstatuschange
    FOR EACH ROW EXECUTE FUNCTION contributions_refuse_loss();
CREATE TRIGGER contributions_events_not_emptied BEFORE TRUNCATE
    ON contributions_contributionstatuschange
    FOR EACH STATEMENT EXECUTE FUNCTION contributions_refuse_loss();
CREATE TRIGGER contributions_cover_not_emptied BEFORE TRUNCATE ON contributions_coverageperiod
    FOR EACH STATEMENT EXECUTE FUNCTION contributions_refuse_loss();
"""
FORGET = """
DROP TRIGGER contributions_events_only_grow ON contributions_contributionstatuschange;
DROP TRIGGER contributions_events_not_emptied ON contributions_contributionstatuschange;
DROP TRIGGER contributions_cover_not_emptied ON contributions_coverageperiod;
DROP FUNCTION contributions_refuse_loss();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0003_cover_stays")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
