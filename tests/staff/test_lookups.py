"""What an officer's list may be asked, tried for every model, group and column.

Whoever may ask a list "which passwords begin with a?" reads what is shown nowhere. Run it again
after any change to a list: `pytest tests/staff/test_lookups.py`.
"""

from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation

from foundation.encryption import EncryptedTextField
from staff.groups import GROUPS
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
SHOWN = dict(admin.site._registry.items())
MODELS = sorted(SHOWN, key=lambda model: model._meta.label)
IDS = [model._meta.label for model in MODELS]
OFFICERS = [*GROUPS, "superuser"]
SUFFIXES = ["", "__exact", "__startswith", "__gt", "__regex", "__in", "__isnull", "__isempty"]
# What a filter of a column asks; a filter of our own has one name.
OWN_SUFFIXES = {"", "__exact", "__isnull", "__isempty"}
SECRET = {"password", "secret", "phrase", "hash", "index", "code", "token", "raw"}


@dataclass
class Ask:
    """A list as one officer asks it, without a browser between."""

    shown: admin.ModelAdmin
    officer: object
    rf: object

    def list(self, **query):
        request = self.rf.get("/", query)
        request.user = self.officer
        return self.shown.get_changelist_instance(request)

    def is_taken(self, **query):
        try:
            self.list(**query)
        except (SuspiciousOperation, IncorrectLookupParameters):
            return False
        return True


def officer_of(group):
    return make_officer() if group == "superuser" else make_officer(group=group)


def columns(model, *, with_relations):
    """Every column of a model, and every one of the models that it leads to."""
    yield "pk"
    for field in model._meta.get_fields():
        yield field.name
        if with_relations and field.is_relation and field.related_model:
            others = field.related_model._meta.fields
            yield from (f"{field.name}__{other.name}" for other in others)


def is_secret(name):
    return bool(SECRET & set(name.replace("__", "_").split("_")))


def own(shown):
    """What the list's filters ask by."""
    for one in shown.list_filter:
        if hasattr(one, "parameter_name"):
            yield one.parameter_name
        else:
            name = one if isinstance(one, str) else one[0]
            yield from (f"{name}{suffix}" for suffix in OWN_SUFFIXES)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_list_takes_the_look_ups_of_its_own_filters_only(model, rf):
    ask = Ask(SHOWN[model], make_officer(), rf)
    asked = [f"{name}__startswith" for name in columns(model, with_relations=True)]
    for name in columns(model, with_relations=False):
        asked += [f"{name}{suffix}" for suffix in SUFFIXES]
    taken = {lookup for lookup in asked if ask.is_taken(**{lookup: "1"})}
    assert taken <= set(own(SHOWN[model]))


@pytest.mark.parametrize("group", GROUPS)
def test_no_group_may_ask_more(group, rf):
    officer = make_officer(group=group)
    for model, shown in SHOWN.items():
        ask = Ask(shown, officer, rf)
        for name in columns(model, with_relations=False):
            assert not ask.is_taken(**{f"{name}__startswith": "1"}), name


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_no_filter_is_of_a_hidden_column(model):
    assert not any(is_secret(name) for name in own(SHOWN[model]))
    assert SHOWN[model].date_hierarchy is None


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_list_is_sorted_by_no_hidden_column(model, rf):
    ask = Ask(SHOWN[model], make_officer(), rf)
    for number in range(-2, len(SHOWN[model].list_display) + 2):
        for part in ask.list(o=str(number)).queryset.query.order_by:
            expression = getattr(part, "expression", part)
            name = str(getattr(expression, "name", expression)).lstrip("-")
            assert not is_secret(name)
            if name in {field.name for field in model._meta.fields}:
                assert not isinstance(model._meta.get_field(name), EncryptedTextField)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_search_wants_the_whole_word(model):
    assert all(name.endswith("__exact") for name in SHOWN[model].search_fields)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_is_named_by_its_key_only(model, rf):
    ask = Ask(SHOWN[model], make_officer(), rf)
    for field in model._meta.concrete_fields:
        assert ask.is_taken(_to_field=field.name) == field.primary_key


def test_a_page_of_a_row_is_not_found_by_another_column(client):
    officer = seated(client)
    page = f"/staf/accounts/user/{officer.password.replace('_', '_5F').replace('$', '_24')}/change/"
    assert client.get(page, {"_to_field": "password"}).status_code == 400


@pytest.mark.parametrize("group", OFFICERS)
def test_nothing_is_completed_while_it_is_typed(client, group):
    seated(client, officer_of(group))
    asked = {"app_label": "receipts", "model_name": "receipt", "field_name": "user", "term": ""}
    assert client.get("/staf/autocomplete/", asked).status_code == 404


def test_a_password_is_not_read_letter_by_letter(client):
    make_user()
    seated(client, make_officer(group="auditor"))
    for query in ({"password__startswith": "m"}, {"secret_phrase": "x"}, {"groups__id": "1"}):
        assert client.get("/staf/accounts/user/", query).status_code == 400


def test_nor_is_the_code_of_a_receipt(client):
    receipt = make_receipt(make_registration(make_user(), "approved"))
    seated(client, make_officer(group="support"))
    for query in ({"code": receipt.code}, {"code__startswith": receipt.code[0]}):
        assert client.get("/staf/receipts/receipt/", query).status_code == 400


def test_what_another_list_leads_to_is_not_asked_either(client):
    seated(client, make_officer(group="finance"))
    for query in ("contribution__registration__user__password__startswith", "credited_at__gt"):
        assert client.get("/staf/payments/payment/", {query: "m"}).status_code == 400
