"""The last look, the declaration, and "Hantar & bayar"."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from contributions.models import Contribution, PlanRate
from contributions.services import contributing, plans
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import masked_email, masked_phone
from registration.models import DocumentRule, Registration
from registration.services import drafts, submission
from tests.factories import (
    follow_rate,
    get_rate,
    make_contribution,
    make_cover,
    make_registration,
    make_user,
    write_rules,
)

URL = reverse("contributions:check_answers")
PLAN = reverse("contributions:choose_plan")
OVERVIEW = reverse("registration:overview")
DECLARED = {"is_true": "on"}


def bank_url(contribution):
    return reverse("payments:choose_bank", args=[contribution.public_id])


def text_of(answer):
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def tick(registration, plan=1, months=1, *, at):
    plans.choose_plan(registration=registration, rate=get_rate(plan, months), at=at)


@pytest.fixture
def draft(aminah, at):
    registration = make_registration(aminah)
    tick(registration, 2, 12, at=at)
    return registration


def test_to_check_and_pay_is_the_last_step(signed_in, draft):
    assert "Langkah 6 daripada 6" in signed_in.get(URL).text


def test_check_answers_shows_all_that_was_said(signed_in, draft):
    page = text_of(signed_in.get(URL))
    for words in [
        "Aminah binti Ali",
        "850101-14-5523",
        "<dt>Tarikh lahir</dt><dd>1 Jan 1985</dd>",
        "<dt>Jantina</dt><dd>Lelaki</dd>",
        "Warganegara",
        "12 Jalan Melati, 43000 Kajang, Selangor",
        "VAB 1234",
        "Teksi",
        "Semenanjung Malaysia",
        "Lesen memandu",
        "Kad PSV",
        "D1234567, sah hingga 31 Dis 2030",
        "lesen.jpg",
        "RM232.80",
        "Pelan 2",
        "Perlindungan 12 bulan",
        ">Hantar & bayar<",
        "Saya mengaku maklumat ini benar",
    ]:
        assert words in page, words
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    ("ic_number", "birthday", "sex"),
    [
        ("000229100124", "29 Feb 2000", "Perempuan"),
        ("301108436001", "8 Nov 1930", "Lelaki"),  # a slip of the century would be seen here
    ],
)
def test_check_answers_shows_what_the_ic_number_tells(
    client, db, clock, at, ic_number, birthday, sex
):
    salmah = make_user("Salmah", ic_number=ic_number)
    tick(make_registration(salmah), at=at)
    client.force_login(salmah)
    page = text_of(client.get(URL))
    assert f"<dt>Tarikh lahir</dt><dd>{birthday}</dd>" in page
    assert f"<dt>Jantina</dt><dd>{sex}</dd>" in page


def test_check_answers_shows_how_he_is_reached_and_where_that_is_changed(signed_in, aminah, draft):
    page = signed_in.get(URL).text
    assert f"<dt>Telefon</dt><dd>{masked_phone(aminah.phone)}</dd>" in page
    assert f"<dt>E-mel</dt><dd>{masked_email(aminah.email)}</dd>" in page
    assert page.count(f'href="{reverse("accounts:profile")}?dari=semak"') == 2


def test_check_answers_lists_only_the_documents_that_are_asked_for(signed_in, aminah, at):
    registration = make_registration(aminah, kinds=["lesen", "psv", "kad-pemandu"])
    drafts.save_service(user=aminah, sector="bus", region="peninsular", at=at)
    tick(registration, at=at)
    page = signed_in.get(URL).text
    assert "<dt>Kad PSV</dt>" in page
    assert "<dt>Kad Pemandu</dt>" not in page
    for link in re.findall(r'href="(/pendaftaran/[^"?]+)\?dari=semak"', page):
        assert signed_in.get(link).status_code == 200, link


def test_check_answers_leads_to_each_page_and_back(signed_in, draft):
    page = signed_in.get(URL).text
    for name in ("registration:service", "registration:details"):
        assert f'href="{reverse(name)}?dari=semak"' in page
    for kind in ("lesen", "psv"):
        assert f'href="{reverse("registration:document", args=[kind])}?dari=semak"' in page
    assert f'href="{PLAN}"' in page


def test_check_answers_owes_and_goes_on_to_the_bank(signed_in, draft, at):
    answer = signed_in.post(URL, DECLARED)
    owed = Contribution.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, bank_url(owed))
    assert (owed.registration, owed.status, owed.created_at) == (draft, "open", at)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == (Registration.Status.SUBMITTED, at)


def test_check_answers_pressed_twice_owes_once(signed_in, draft):
    first = signed_in.post(URL, DECLARED)
    assert signed_in.post(URL, DECLARED)["Location"] == first["Location"]
    assert Contribution.objects.count() == 1


def test_check_answers_wants_the_declaration(signed_in, draft):
    answer = signed_in.post(URL, {})
    assert answer.context["form"].errors.as_data()["is_true"][0].code == "required"
    assert "<title>Ralat: " in answer.text
    assert "RM232.80" in answer.text
    assert not Contribution.objects.exists()


def test_check_answers_says_when_a_renewal_begins_and_ends(signed_in, aminah, at):
    registration = make_registration(aminah)
    make_cover(registration, issued_at=at - timedelta(days=1))
    tick(registration, 1, 12, at=at)
    page = text_of(signed_in.get(URL))
    assert "selepas yang sekarang tamat pada 21 Dis 2026, 10:00 pagi" in page
    assert "<strong>21 Dis 2026, 10:00 pagi</strong> hingga" in page
    assert "<strong>21 Dis 2027, 10:00 pagi</strong>" in page


def test_check_answers_after_a_lapse_begins_when_paid(signed_in, aminah, at):
    registration = make_registration(aminah)
    make_cover(registration, issued_at=at - timedelta(days=90))
    tick(registration, at=at)
    assert "sebaik sahaja bayaran berjaya" in text_of(signed_in.get(URL))


def test_check_answers_keeps_what_is_with_an_officer(signed_in, aminah, at):
    registration = make_registration(aminah, "submitted")
    make_cover(registration, issued_at=at - timedelta(days=1))
    tick(registration, at=at)
    page = signed_in.get(URL).text
    assert "?dari=semak" not in page
    assert signed_in.post(URL, DECLARED)["Location"] == bank_url(Contribution.objects.open().get())


# --- the ways out --------------------------------------------------------------------------
def test_check_answers_needs_a_plan(signed_in, aminah):
    make_registration(aminah)
    assert signed_in.get(URL)["Location"] == PLAN
    assert signed_in.post(URL, DECLARED)["Location"] == PLAN


def test_check_answers_asks_again_when_the_plan_is_gone(signed_in, draft):
    PlanRate.objects.update(available_to=date(2026, 11, 21))
    answer = signed_in.post(URL, DECLARED, follow=True)
    assert answer.redirect_chain == [(PLAN, 302)]
    assert "tidak ditawarkan sekarang" in answer.text
    assert not Contribution.objects.exists()


def test_check_answers_tells_a_draft_that_holds_the_old_price(signed_in, draft):
    follow_rate(2, 12, amount="240.00", insured="1600.00")
    answer = signed_in.get(URL, follow=True)
    assert answer.redirect_chain == [(PLAN, 302)]
    assert "dahulu RM232.80 setahun, pendapatan diinsuranskan RM1,550.00" in text_of(answer)
    assert "sekarang RM240.00 setahun, pendapatan diinsuranskan RM1,600.00" in text_of(answer)


def test_check_answers_leads_whom_the_rules_refer_to_his_page(signed_in, aminah, at):
    draft = make_registration(aminah, region="sabah")
    tick(draft, at=at)
    # The overview sends what an officer must see; he does not come here.
    assert signed_in.post(URL, DECLARED)["Location"] == OVERVIEW


@pytest.mark.parametrize(
    ("outcome", "page"), [("refer", "registration:referred"), (None, "registration:not_eligible")]
)
def test_check_answers_when_the_rules_change_under_it(signed_in, draft, monkeypatch, outcome, page):
    """The rules are run again at the press: the page is right a moment ago, and wrong now."""

    def change_rules(*args):
        if outcome:
            write_rules(outcome=outcome)
        else:
            DocumentRule.objects.all().delete()
        return True

    monkeypatch.setattr("contributions.forms.DeclarationForm.is_valid", change_rules)
    assert signed_in.post(URL, DECLARED)["Location"] == reverse(page)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("refusal", [submission.NothingChanged, ForbiddenMove, StaleStatus])
def test_check_answers_when_an_officer_speaks_at_the_press(signed_in, draft, monkeypatch, refusal):
    def submit(**facts):
        raise refusal

    monkeypatch.setattr("registration.services.submission.submit_registration", submit)
    assert signed_in.post(URL, DECLARED)["Location"] == OVERVIEW
    assert not Contribution.objects.exists()


def test_check_answers_shows_a_held_contribution(signed_in, aminah, at):
    registration = make_registration(aminah)
    owed = make_contribution(registration, plan=1)
    contributing.hold_contribution(contribution=owed, at=at)
    tick(registration, 3, at=at)
    page = signed_in.get(URL).text
    assert "Bayaran terdahulu masih disahkan" in page
    assert bank_url(owed) in page


def test_check_answers_leads_to_a_held_contribution(signed_in, aminah, at):
    registration = make_registration(aminah)
    owed = make_contribution(registration, plan=1)
    contributing.hold_contribution(contribution=owed, at=at)
    tick(registration, 3, at=at)
    assert signed_in.post(URL, DECLARED)["Location"] == bank_url(owed)
    assert Contribution.objects.get() == owed


def test_c22b_check_answers_refuses_a_third_period(signed_in, draft, at):
    make_cover(draft, issued_at=at - timedelta(days=3))
    make_cover(draft, issued_at=at - timedelta(days=2))
    assert "Tempoh berikutnya sudah dibayar" in signed_in.get(URL).text
    assert "Tempoh berikutnya sudah dibayar" in signed_in.post(URL, DECLARED).text
    assert not Contribution.objects.open().exists()


def test_c22b_a_period_bought_meanwhile_is_seen_at_the_press(signed_in, draft, at, monkeypatch):
    def buy_meanwhile(form):
        make_cover(draft, issued_at=at - timedelta(days=3))
        make_cover(draft, issued_at=at - timedelta(days=2))
        return True

    monkeypatch.setattr("contributions.forms.DeclarationForm.is_valid", buy_meanwhile)
    assert signed_in.post(URL, DECLARED)["Location"] == PLAN


@pytest.mark.parametrize("status", ["referred", "returned", "rejected"])
def test_check_answers_is_not_out_of_turn(signed_in, aminah, at, status):
    tick(make_registration(aminah, status), at=at)
    assert signed_in.post(URL, DECLARED)["Location"] == OVERVIEW
    assert not Contribution.objects.exists()


def test_check_answers_never_asks_for_money_that_was_paid(signed_in, aminah, at, factories):
    """Returned, mended, and so to be sent again: that is done on the overview, without paying."""
    registration = make_registration(aminah, "returned")
    factories.make_document(registration, "psv")
    assert signed_in.get(URL)["Location"] == OVERVIEW


def test_check_answers_is_closed(client, db):
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_check_answers_is_ones_own(signed_in, draft):
    make_contribution(make_registration(make_user("Tan Boon Keat")), plan=4)
    assert "RM49.40" not in signed_in.get(URL).text


def test_check_answers_asks_little(signed_in, draft, at, django_assert_max_num_queries):
    make_cover(draft, issued_at=at - timedelta(days=40))
    with django_assert_max_num_queries(1 + 6):  # the session's, and the page's
        page = signed_in.get(URL)
    assert page.status_code == 200
    assert len(page.content) < 20_000
