"""What every table keeps."""

from django.apps import apps
from django.core.management import call_command

OURS = {"foundation", "accounts", "registration", "contributions", "receipts", "payments"}
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def pairs(model):
    """The names of every `x_at` that has an `x_by` beside it, unless neither may be missing."""
    fields = {field.name: field for field in model._meta.fields}
    both = {name: fields.get(f"{name[:-3]}_by") for name in fields if name.endswith("_at")}
    return sorted(name for name, by in both.items() if by and (fields[name].null or by.null))


def is_kept_whole(model, name):
    """Whether the database refuses a moment without its person, and the reverse."""
    constraints = " ".join(str(constraint) for constraint in model._meta.constraints)
    return f"('{name}', None), ('{name[:-3]}_by', None)" in constraints


def test_who_and_when_come_in_pairs():
    found = [(model, name) for model in MODELS for name in pairs(model)]
    assert found
    assert [
        f"{model.__name__}.{name}" for model, name in found if not is_kept_whole(model, name)
    ] == []


def is_named_so(field):
    """Whether a moment is named as a moment and a day as a day."""
    if field.get_internal_type() == "DateTimeField":
        return field.name.endswith("_at") or field.name in {"at", "last_login"} | OTP_FIELDS
    if field.get_internal_type() == "DateField":
        return field.name.endswith(("_date", "_from", "_to"))
    return True


def test_moments_and_days_are_named_so():
    fields = [field for model in MODELS for field in model._meta.fields]
    assert fields
    assert [str(field) for field in fields if not is_named_so(field)] == []


# Columns of django-otp's and Django's abstract models keep their names.
OTP_FIELDS = {
    "valid_until",
    "last_generated_timestamp",
    "throttling_failure_timestamp",
    # Of Django's session.
    "expire_date",
}


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
