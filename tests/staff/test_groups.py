"""The groups: what the table says, what each sees, and what is masked for whom."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from foundation.admin import HistoryInline
from foundation.wording import masked_phone
from staff.groups import GROUPS, PERMISSIONS, load_groups
from tests.factories import (
    make_contribution,
    make_officer,
    make_payment,
    make_registration,
    make_user,
)
from tests.staff.desk import seated
from tests.staff.test_lists import OURS, list_url

pytestmark = pytest.mark.django_db


def labels(permissions):
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def test_set_up_has_loaded_exactly_the_table():
    for group in Group.objects.filter(name__in=GROUPS):
        named = {label for label, groups in PERMISSIONS.items() if group.name in groups}
        assert labels(group.permissions.select_related("content_type")) == named


def test_loading_again_takes_back_what_was_added_by_hand():
    group = Group.objects.get(name="support")
    group.permissions.add(Permission.objects.get(codename="change_registration"))
    assert load_groups() == len(PERMISSIONS)
    assert "registration.change_registration" not in labels(group.permissions.all())


def test_nobody_may_change_what_only_services_change():
    only_services = {f"{act}_{name}" for act in ("change", "delete") for name in FACTS}
    assert not [label for label in PERMISSIONS if label.partition(".")[2] in only_services]


FACTS = ["payment", "coverageperiod", "contribution", "gatewaymessage", "auditevent"]


def test_an_auditor_changes_nothing():
    own = [label for label, groups in PERMISSIONS.items() if "auditor" in groups]
    acts = {label for label in own if ".view_" not in label}
    assert acts == {"registration.add_export"}


def test_whoever_proposes_a_change_of_rules_does_not_decide_registrations():
    for group in GROUPS:
        own = {label for label, groups in PERMISSIONS.items() if group in groups}
        assert not own >= {"registration.change_registration", "registration.change_documentrule"}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_opens_its_lists_and_no_other(client, group):
    officer = seated(client, make_officer(group=group))
    for model in OURS:
        may = officer.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        may = may or admin.site._registry[model].has_change_permission(_request(officer))
        assert client.get(list_url(model)).status_code == (200 if may else 403), model


HISTORIES = {
    model
    for model, rows in admin.site._registry.items()
    if any(issubclass(inline, HistoryInline) for inline in rows.inlines)
}


@pytest.mark.parametrize("group", GROUPS)
def test_whoever_sees_a_row_sees_its_history(group):
    request = _request(make_officer(group=group))
    for model in HISTORIES:
        rows = admin.site._registry[model]
        if rows.has_view_permission(request):
            shown = rows.get_inline_instances(request)
            assert [one for one in shown if isinstance(one, HistoryInline)], model


def test_an_address_that_names_no_column_is_a_row_s_own(client, at):
    payment = make_payment(make_contribution(make_registration(make_user())), at=at)
    seated(client)
    answer = client.get(f"/staf/payments/payment/{payment.pk}/change/", {"_to_field": ""})
    assert answer.status_code == 200


def test_an_auditor_reads_the_history_of_a_payment(client, at):
    payment = make_payment(make_contribution(make_registration(make_user())), "failed", at=at)
    seated(client, make_officer(group="auditor"))
    page = client.get(f"/staf/payments/payment/{payment.pk}/change/")
    assert "Sejarah status" in page.text
    assert "Dimulakan" in page.text


def _request(officer):
    class Request:
        user = officer

    return Request()


@pytest.mark.parametrize(
    ("group", "sees_contact", "is_led_on"),
    [
        ("reviewer", True, True),
        ("support", True, True),
        ("finance", False, False),
        ("auditor", False, False),
        ("administrator", False, False),
    ],
)
def test_phone_and_e_mail_are_masked_or_hidden(client, group, sees_contact, is_led_on):
    aminah = make_user()
    seated(client, make_officer(group=group))
    for url in [list_url(User), f"{list_url(User)}{aminah.pk}/change/"]:
        page = client.get(url).text
        assert (masked_phone(aminah.phone) in page) is sees_contact
        assert f"••••••-••-{aminah.ic_number[-4:]}" in page
        assert not any(whole in page for whole in (aminah.ic_number, aminah.phone, aminah.email))
    assert ("/dedahkan/" in page) is is_led_on
    found = client.post("/staf/carian/", {"q": aminah.ic_number}).text
    assert "Aminah" in found
    assert (masked_phone(aminah.phone) in found) is sees_contact
