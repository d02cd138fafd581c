"""Every url of the portal, as a stranger, as another driver, and as officers of each group.

Whoever adds a url adds it here only if it names a row of a driver (`OWNED`) or is an act of the
desk (`ACTS`); the tests say when one is missing.
"""

from contextlib import contextmanager

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from staff.groups import GROUPS
from tests.factories import AT, make_officer, make_user
from tests.pages.walk import NAME, arguments_of, is_public, make_owner, routes
from tests.staff.desk import freshly_seated

pytestmark = pytest.mark.django_db
ROUTES = {name: (names, is_public(view)) for name, names, view in routes()}
PORTAL = {name for name in ROUTES if not name.startswith("admin:")}
DESK = set(ROUTES) - PORTAL
IC = "850101145523"

# Urls that name one driver's row: others get 404, whatever they send.
OWNED = {
    "download_copy",
    "accounts:forget_device",
    "accounts:end_log_in",
    "registration:document_file",
    "registration:thumbnail",
    "registration:choose",
    "receipts:receipt",
    "receipts:download",
    "payments:choose_bank",
    "payments:send_to_bank",
    "payments:enquire",
    "payments:state",
    "payments:payment",
    "payments:double_payment",
}
# Arguments that name nothing of anybody: a kind of document, a year, what was mailed or printed.
NAMELESS = {"kind", "sector", "token", "code", "year", "language"}
# What any officer may open: his own session, his own devices, the way to the lists.
OPEN = {
    *("admin:index", "admin:app_list", "admin:find", "admin:view_on_site"),
    *("admin:login", "admin:logout", "admin:password_change", "admin:password_change_done"),
    *("admin:fresh_totp", "admin:recovery_codes", "admin:autocomplete", "admin:jsi18n"),
}
# Acts of the desk, each with the permissions of which one is enough.
ACTS = {
    "admin:search": ["accounts.view_user"],
    "admin:accounts_user_reveal": ["accounts.view_whole_ic_number", "accounts.view_whole_contact"],
    "admin:accounts_user_correct": ["accounts.add_correction"],
    "admin:accounts_accountcase_decide": ["accounts.change_accountcase"],
    "admin:accounts_correction_decide": ["accounts.change_correction"],
    "admin:registration_registration_review": ["registration.change_registration"],
    "admin:registration_registration_claim": ["registration.change_registration"],
    "admin:registration_registration_release": ["registration.change_registration"],
    "admin:registration_registration_next": ["registration.change_registration"],
    "admin:registration_registration_ask_refund": ["registration.change_registration"],
    "admin:registration_supportingdocument_picture": ["registration.view_supportingdocument"],
    "admin:contributions_planrate_propose": ["foundation.add_proposal"],
    "admin:registration_documentrule_propose": ["foundation.add_proposal"],
    "admin:foundation_proposal_decide": ["foundation.change_proposal"],
    "admin:exports": ["registration.add_export"],
    "admin:export_download": ["registration.add_export"],
    "admin:payments_paymentcase_review": ["payments.view_paymentcase"],
    "admin:payments_paymentcase_close": ["payments.change_paymentcase"],
    "admin:payments_paymentcase_stop_waiting": ["payments.change_paymentcase"],
    "admin:payments_refund_request": ["payments.add_refund"],
    "admin:payments_refund_approve": ["payments.change_refund"],
    "admin:payments_refund_record": ["payments.change_refund"],
    "admin:payments_settlementfile_upload": ["payments.add_settlementfile"],
    "admin:payments_settlementfile_review": ["payments.view_settlementfile"],
    "admin:payments_settlementfile_day": ["payments.view_settlementfile"],
    "admin:payments_settlementfile_day_csv": ["payments.view_settlementfile"],
    "admin:payments_settlementfile_settle": ["payments.change_paymentcase"],
    "admin:receipts_receipt_correct": ["receipts.change_receipt"],
}


def lists():
    """The pages that Django makes of each model, with what opens them."""
    for model in admin.site._registry:
        label, name = model._meta.app_label, model._meta.model_name
        view, change = f"{label}.view_{name}", f"{label}.change_{name}"
        for page in ("changelist", "change", "history"):
            yield f"admin:{label}_{name}_{page}", [view, change]
        for page in ("add", "delete"):  # services make rows, and nothing is deleted
            yield f"admin:{label}_{name}_{page}", []


GUARDED = dict(lists()) | ACTS


@pytest.fixture(autouse=True)
def standing_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def path_of():
    """The path of each url, with arguments that name rows of one driver."""
    arguments = arguments_of(make_owner(ic_number=IC))

    def path(name):
        return reverse(name, args=arguments(name, ROUTES[name][0]))

    return path


def both(client, path):
    """What a GET and an empty POST are answered."""
    return [client.get(path), client.post(path)]


def whole(answer):
    return answer.getvalue() if answer.streaming else answer.content


def statuses(client, path):
    answers = both(client, path)
    assert all(whole(answer) is not None for answer in answers)  # read to the end, files are closed
    return {answer.status_code for answer in answers}


def kept():
    """Every row of ours; what is counted and who is signed in aside."""
    ours = {"accounts", "registration", "contributions", "receipts", "payments", "foundation"}
    passing = {"Session", "Tally"}
    return {
        model.__name__: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in ours and model.__name__ not in passing
    }


@contextmanager
def nothing_changes():
    before = kept()
    yield
    assert kept() == before


def refusals(client, path):
    """What a GET and an empty POST are answered: nothing of hers is among it."""
    answers = both(client, path)
    shown = b"".join(whole(answer) + str(answer.headers).encode() for answer in answers)
    assert NAME.encode() not in shown
    assert IC.encode() not in shown
    return {answer.status_code for answer in answers}


def test_the_tables_name_every_url_that_needs_it():
    assert {name for name in PORTAL if set(ROUTES[name][0]) - NAMELESS} == OWNED
    assert OPEN | set(GUARDED) == DESK


def test_a_stranger_is_asked_who_he_is(path_of):
    client = Client()
    for name in sorted(ROUTES):
        if ROUTES[name][1]:
            continue
        log_in = "/staf/login/" if name in DESK else "/log-masuk/"
        for answer in both(client, path_of(name)):
            assert answer.status_code == 302, name
            assert answer.url.startswith(log_in), name


def test_another_driver_sees_nothing_of_hers(path_of):
    client = Client()
    client.force_login(make_user("Chandran a/l Muthu"))
    with nothing_changes():
        for name in sorted(OWNED):
            answers = refusals(client, path_of(name))
            assert 404 in answers, name
            assert answers <= {302, 404, 405}, name
    for name in sorted(PORTAL - OWNED - {"accounts:log_out", "accounts:log_out_everywhere"}):
        assert refusals(client, path_of(name)), name


def test_a_driver_does_not_reach_the_desk(path_of):
    client = Client()
    client.force_login(make_user("Chandran a/l Muthu"))
    for name in sorted(DESK - {"admin:login", "admin:logout"}):
        for answer in both(client, path_of(name)):
            assert answer.status_code == 302, name
            assert answer.url.startswith("/staf/login/"), name


def test_an_officer_without_his_authenticator_does_not_reach_it(path_of):
    client = Client()
    client.force_login(make_officer())
    for name in sorted(DESK - {"admin:login", "admin:logout"}):
        for answer in both(client, path_of(name)):
            assert answer.status_code == 302, name
            assert answer.url.startswith("/staf/login/"), name


@pytest.mark.parametrize("group", [*GROUPS, "none"])
def test_an_officer_reaches_what_his_group_may(path_of, group):
    client = Client()
    of_no_group = {"is_superuser": False}
    officer = make_officer(**(of_no_group if group == "none" else {"group": group}))
    freshly_seated(client, officer)
    may = {
        name
        for name, permissions in GUARDED.items()
        if any(officer.has_perm(permission) for permission in permissions)
    }
    with nothing_changes():
        for name in sorted(set(GUARDED) - may):
            assert refusals(client, path_of(name)) == {403}, name
    for name in sorted(may):
        answer = client.get(path_of(name))
        assert whole(answer) is not None  # read to the end, the file is closed
        assert answer.status_code in {200, 302, 404, 405}, name
        assert "/login/" not in answer.headers.get("Location", ""), name


@pytest.mark.parametrize("group", [*GROUPS, "superuser"])
def test_an_officer_is_no_driver(path_of, group):
    client = Client()
    freshly_seated(client, make_officer(group=None if group == "superuser" else group))
    closed = {name for name in PORTAL if not ROUTES[name][1]}
    with nothing_changes():
        for name in sorted(closed):
            for answer in both(client, path_of(name)):
                assert (answer.status_code, answer.url) == (302, "/staf/"), name


def test_who_logs_in_as_an_officer_begins_no_registration():
    client = Client()
    officer = freshly_seated(client, make_officer())
    for path in ("/log-masuk/", "/mod/", reverse("registration:service"), "/saya/"):
        client.post(path, {"sector": "taxi", "region": "semenanjung", "mode": "self_employed"})
        assert client.get(path, follow=True).redirect_chain[-1][0] == "/staf/"
    assert not officer.registrations.exists()


def test_the_front_door_leads_an_officer_back_to_the_desk():
    client = Client()
    freshly_seated(client)
    page = client.get("/").text
    assert 'href="/staf/"' in page
    assert 'href="/profil/"' not in page
