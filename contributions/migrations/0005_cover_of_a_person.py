"""Cover is of a person, who is an IC number, whichever account paid for it.

When an account's IC number is put right, the cover that it paid for follows; nothing else of a
period ever changes. Were that person covered at the same time already, the database refuses.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import contributions.models

NAME_PERSONS = """
ALTER TABLE contributions_coverageperiod DISABLE TRIGGER contributions_cover_stays;
UPDATE contributions_coverageperiod c SET person = u.ic_number_index
    FROM accounts_user u WHERE u.id = c.user_id;
ALTER TABLE contributions_coverageperiod ENABLE TRIGGER contributions_cover_stays;
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION contributions_refuse_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {allowed}
    RAISE EXCEPTION 'coverage period % stays as it was paid for', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
PUT_RIGHT = """
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'person' = to_jsonb(OLD) - 'person' AND NEW.person =
        (SELECT ic_number_index FROM accounts_user WHERE id = OLD.user_id)
    THEN
        RETURN NEW;
    END IF;
"""
FOLLOW = """
CREATE FUNCTION contributions_cover_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contributions_coverageperiod SET person = NEW.ic_number_index WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER contributions_cover_follows_its_person
    AFTER UPDATE OF ic_number_index ON accounts_user FOR EACH ROW
    WHEN (OLD.ic_number_index IS DISTINCT FROM NEW.ic_number_index)
    EXECUTE FUNCTION contributions_cover_follows();
"""
STAY = """
DROP TRIGGER contributions_cover_follows_its_person ON accounts_user;
DROP FUNCTION contributions_cover_follows();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contributions", "0004_history_stays"),
    ]
    operations = [
        migrations.RemoveConstraint("coverageperiod", "coverage_never_overlaps"),
        migrations.AddField(
            "coverageperiod",
            "person",
            models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_PERSONS, ""),
        migrations.AddConstraint(
            "coverageperiod",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="coverage_never_overlaps",
                expressions=[
                    ("person", "="),
                    ("sector", "="),
                    (
                        contributions.models.TsTzRange(
                            "coverage_starts_at",
                            "coverage_ends_at",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ),
        migrations.AddIndex(
            "coverageperiod", models.Index(fields=["person"], name="coverage_person")
        ),
        migrations.RunSQL(
            FUNCTION.replace("{allowed}", PUT_RIGHT), FUNCTION.replace("{allowed}", "")
        ),
        migrations.RunSQL(FOLLOW, STAY),
    ]
