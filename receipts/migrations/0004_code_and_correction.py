"""The code by which anyone checks a receipt, and the correction that makes one void.

Still nothing that a receipt states may change. It may become void, once, and then lets go of the
contribution, which its correction takes; no transaction ends with a void receipt that none
corrects.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from receipts.verification_code import new_code

FORGET_RULE = """
DROP TRIGGER receipts_never_change ON receipts_receipt;
DROP FUNCTION receipts_refuse_change();
"""
FIRST_RULE = """
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
RULE = """
CREATE FUNCTION receipts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeable text[] := ARRAY['file', 'sha256', 'drawn_at', 'mailed_at', 'ic_number'];
    becomes_void boolean := OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL;
BEGIN
    IF becomes_void THEN
        changeable := changeable || ARRAY['voided_at', 'voided_by_id', 'contribution_id'];
    END IF;
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
RULE_OF_CORRECTION = """
CREATE FUNCTION receipts_want_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM receipts_receipt WHERE corrects_id = NEW.id) THEN
        RAISE EXCEPTION 'receipt % is void, but none corrects it', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER receipts_void_is_corrected AFTER UPDATE ON receipts_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL)
    EXECUTE FUNCTION receipts_want_correction();
"""
FORGET_RULE_OF_CORRECTION = """
DROP TRIGGER receipts_void_is_corrected ON receipts_receipt;
DROP FUNCTION receipts_want_correction();
"""


def give_codes(apps, schema_editor):
    """Each receipt of before gets a code of its own."""
    receipts = apps.get_model("receipts", "Receipt").objects
    for pk in receipts.values_list("pk", flat=True).iterator():
        receipts.filter(pk=pk).update(code=new_code())


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_initial"),
        ("receipts", "0003_receipt_once_a_payment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(FORGET_RULE, FIRST_RULE),
        migrations.AlterModelOptions("receipt", options={"ordering": ["-issued_at", "-pk"]}),
        migrations.AddField(
            "receipt", "code", models.CharField(editable=False, max_length=25, null=True)
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            "receipt",
            "code",
            models.CharField(default=new_code, editable=False, max_length=25, unique=True),
        ),
        migrations.AddField(
            "receipt",
            "corrects",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="receipts.receipt",
            ),
        ),
        migrations.AddField("receipt", "voided_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "receipt",
            "voided_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "receipt",
            "contribution",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt",
                to="contributions.contribution",
            ),
        ),
        migrations.AddConstraint(
            "receipt",
            models.CheckConstraint(
                condition=Q(("voided_at", None), ("voided_by", None))
                | Q(("voided_at__isnull", False), ("voided_by__isnull", False)),
                name="receipt_voided_pair",
            ),
        ),
        migrations.AddConstraint(
            "receipt",
            models.CheckConstraint(
                condition=Q(("contribution__isnull", False), ("voided_at", None))
                | Q(("contribution", None), ("voided_at__isnull", False)),
                name="receipt_certifies_unless_void",
            ),
        ),
        migrations.RunSQL(RULE, FORGET_RULE),
        migrations.RunSQL(RULE_OF_CORRECTION, FORGET_RULE_OF_CORRECTION),
    ]
