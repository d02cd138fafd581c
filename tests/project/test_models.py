"""What every table keeps."""

import pytest
from django.apps import apps
from django.core.management import call_command

OURS = {"perkeso", "accounts", "registration", "contributions", "receipts", "payments"}
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def pairs(model):
    """The names of every `x_at` that has an `x_by` beside it, unless neither may be missing."""
    fields = {field.name: field for field in model._meta.fields}
    both = {name: fields.get(f"{name[:-3]}_by") for name in fields if name.endswith("_at")}
    return sorted(name for name, by in both.items() if by and (fields[name].null or by.null))


@pytest.mark.parametrize("model", [model for model in MODELS if pairs(model)])
def test_who_and_when_come_in_pairs(model):
    constraints = " ".join(str(constraint) for constraint in model._meta.constraints)
    for name in pairs(model):
        assert f"('{name}', None), ('{name[:-3]}_by', None)" in constraints


@pytest.mark.parametrize("model", MODELS)
def test_moments_and_days_are_named_so(model):
    for field in model._meta.fields:
        kind = field.get_internal_type()
        if kind == "DateTimeField" and not hasattr(field, "remote_field_label"):
            assert field.name.endswith("_at") or field.name in {"at", "last_login"} | OTP_FIELDS
        if kind == "DateField":
            assert field.name.endswith(("_date", "_from", "_to"))


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
