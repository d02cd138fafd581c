"""Prices and document rules: one administrator proposes what follows, another decides."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from contributions.models import PlanRate
from contributions.services.plans import choose_plan
from foundation import proposals
from foundation.audit import AuditEvent
from foundation.proposals import Proposal
from registration.models import DocumentRule
from tests.factories import get_rate, make_officer, make_registration, make_user
from tests.staff.desk import freshly_seated, seated

pytestmark = pytest.mark.django_db
RATES, RULES = "/staf/contributions/planrate/", "/staf/registration/documentrule/"
PROPOSALS = "/staf/foundation/proposal/"
FIRST = date(2027, 1, 1)
DAY = {"effective_from_day": "1", "effective_from_month": "1", "effective_from_year": "2027"}
RATE = DAY | {
    "plan_number": "1",
    "months": "1",
    "amount": "15.00",
    "insured_monthly_earnings": "1200.00",
    "reason": "P.U.(A) 1/2027",
}
RULE = DAY | {
    "sector": "bus",
    "region": "sabah",
    "kind": "psv",
    "outcome": "refer",
    "minimum_age": "21",
    "reason": "P.U.(A) 2/2027",
}
BUS = {"sector": "bus", "region": "sabah", "kind": "psv"}


def administrator(name="Puan Zainab"):
    return make_officer(name, group="administrator")


@pytest.fixture
def proposed(at):
    """A price, by another administrator."""
    return proposals.propose(
        kind=Proposal.Kind.PLAN_RATE,
        about={"plan_number": 1, "months": 1},
        follows={"amount": "15.00", "insured_monthly_earnings": "1200.00"},
        effective_from=FIRST,
        reason="P.U.(A) 1/2027",
        by=administrator("Encik Hafiz"),
        at=at,
    )


def page_of(proposal):
    return f"{PROPOSALS}{proposal.pk}/putuskan/"


@pytest.mark.parametrize(("url", "typed"), [(RATES, RATE), (RULES, RULE)])
def test_what_is_proposed_changes_nothing_yet(client, url, typed):
    before = list(PlanRate.objects.values()), list(DocumentRule.objects.values())
    officer = seated(client, administrator())
    assert client.post(f"{url}cadang/", typed)["Location"] == PROPOSALS
    proposal = Proposal.objects.get()
    assert (proposal.effective_from, proposal.proposed_by) == (FIRST, officer)
    assert (list(PlanRate.objects.values()), list(DocumentRule.objects.values())) == before
    client.get(PROPOSALS)
    assert "Menunggu kelulusan" in client.get(PROPOSALS).text


@pytest.mark.parametrize(("url", "typed"), [(RATES, RATE), (RULES, RULE)])
def test_another_administrator_lets_it_follow(client, url, typed):
    seated(client, administrator("Encik Hafiz"))
    client.post(f"{url}cadang/", typed)
    officer = freshly_seated(client, administrator())
    proposal = Proposal.objects.get()
    answer = client.post(page_of(proposal), {"decision": "approved"}, follow=True)
    assert "Keputusan disimpan" in answer.text
    if url == RATES:
        rate = PlanRate.objects.get(plan_number=1, months=1, available_from=FIRST)
        assert (rate.amount, rate.insured_monthly_earnings) == (
            Decimal("15.00"),
            Decimal("1200.00"),
        )
    else:
        rule = DocumentRule.objects.get(**BUS, valid_from=FIRST)
        assert (rule.outcome, rule.minimum_age) == ("refer", 21)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("approved", officer)


def test_a_price_is_withdrawn_by_two(client):
    seated(client, administrator("Encik Hafiz"))
    client.post(f"{RATES}cadang/", RATE | {"ends": "on", "amount": ""})
    proposal = Proposal.objects.get()
    assert proposal.follows is None
    freshly_seated(client, administrator())
    assert "Tiada yang menyusul" in client.get(page_of(proposal)).text
    client.post(page_of(proposal), {"decision": "approved"})
    assert get_rate().available_to == date(2026, 12, 31)


def test_the_trail_has_old_and_new_values(client, proposed):
    freshly_seated(client, administrator())
    client.post(page_of(proposed), {"decision": "approved"})
    events = AuditEvent.objects.filter(subject_type="foundation.proposal").order_by("pk")
    first, last = events
    assert [first.action, last.action] == ["plan_rate_proposed", "plan_rate_approved"]
    assert last.detail == {
        "applies_to": {"plan_number": 1, "months": 1},
        "old": {"amount": "13.10", "insured_monthly_earnings": "1050.00"},
        "new_values": {"amount": "15.00", "insured_monthly_earnings": "1200.00"},
        "effective_from": "2027-01-01",
    }


def test_the_effect_is_shown_before(client, proposed, at):
    draft = make_registration(make_user())
    choose_plan(registration=draft, rate=get_rate(), at=at)
    freshly_seated(client, administrator())
    page = client.get(page_of(proposed)).text
    assert "1 draf memegang kadar lama" in page
    assert "0 caruman belum dibayar" in page
    for words in ("13.10", "15.00", "1050.00", "1200.00", "P.U.(A) 1/2027", "Encik Hafiz"):
        assert words in page


def test_ones_own_proposal_is_not_ones_to_decide(client):
    freshly_seated(client, administrator())
    client.post(f"{RATES}cadang/", RATE)
    proposal = Proposal.objects.get()
    assert 'name="decision"' not in client.get(page_of(proposal)).text
    answer = client.post(page_of(proposal), {"decision": "approved"}, follow=True)
    assert "Pegawai lain mesti memutuskan" in answer.text
    assert get_rate().amount == Decimal("13.10")


def test_the_database_wants_two_officers(proposed, at):
    row = Proposal.objects.filter(pk=proposed.pk)
    with pytest.raises(IntegrityError, match="proposal_two_officers"), transaction.atomic():
        row.update(status="approved", decided_at=at, decided_by=proposed.proposed_by)


def test_a_proposal_says_what_it_said(proposed):
    row = Proposal.objects.filter(pk=proposed.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(follows={"amount": "1.00"})


def test_a_decision_comes_once(client, proposed):
    freshly_seated(client, administrator())
    client.post(page_of(proposed), {"decision": "refused"})
    answer = client.post(page_of(proposed), {"decision": "approved"}, follow=True)
    assert "telah memutuskan" in answer.text
    assert get_rate().amount == Decimal("13.10")


def test_one_change_of_a_fact_waits_at_a_time(client, proposed):
    seated(client, administrator())
    assert "sedang menunggu kelulusan" in client.post(f"{RATES}cadang/", RATE).text
    assert client.post(f"{RATES}cadang/", RATE | {"plan_number": "2"}).status_code == 302


def test_what_waited_until_its_day_came_is_not_approved(client, at):
    late = proposals.propose(
        kind=Proposal.Kind.PLAN_RATE,
        about={"plan_number": 1, "months": 1},
        follows=None,
        effective_from=at.date(),
        reason="x",
        by=administrator("Encik Hafiz"),
        at=at,
    )
    freshly_seated(client, administrator())
    answer = client.post(page_of(late), {"decision": "approved"}, follow=True)
    assert "selepas hari ini" in answer.text
    assert Proposal.objects.get().status == "proposed"
    assert get_rate().available_to is None


def test_deciding_needs_fresh_digits(client, proposed):
    seated(client, administrator())
    assert client.get(page_of(proposed)).url.startswith("/staf/pengesahan/")
    client.post(page_of(proposed), {"decision": "approved"})
    assert Proposal.objects.get().status == "proposed"


@pytest.mark.parametrize(
    ("url", "changed", "code"),
    [
        (RATES, {"effective_from_month": "11", "effective_from_year": "2026"}, "too_soon"),
        (RATES, {"amount": "0.01"}, "min_value"),
        (RATES, {"amount": "30000.01"}, "max_value"),
        (RATES, {"amount": ""}, "required"),
        (RATES, {"months": "7"}, "invalid_choice"),
        (RATES, {"plan_number": "9"}, "invalid_choice"),
        (RATES, {"reason": ""}, "required"),
        (RULES, {"kind": "lesen"}, "invalid_choice"),
        (RULES, {"region": "brunei"}, "invalid_choice"),
        (RULES, {"outcome": ""}, "required"),
        (RULES, {"minimum_age": "3"}, "min_value"),
        (RULES, {"valid_to_day": "31", "valid_to_month": "12", "valid_to_year": "2026"}, "order"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(client, url, changed, code):
    seated(client, administrator())
    page = client.post(f"{url}cadang/", (RATE if url == RATES else RULE) | changed)
    errors = page.context["form"].errors.as_data()
    assert [error.code for found in errors.values() for error in found] == [code]
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("group", ["reviewer", "finance", "support", "auditor"])
@pytest.mark.parametrize("url", [f"{RATES}cadang/", f"{RULES}cadang/"])
def test_administrators_alone_propose(client, url, group):
    seated(client, make_officer(group=group))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("url", [RATES, RULES])
def test_a_list_leads_whoever_may_to_the_proposal(client, url):
    seated(client, administrator())
    assert f"{url}cadang/?" in client.get(url).text
    seated(client, make_officer(group="auditor"))
    assert "cadang/" not in client.get(url).text


@pytest.mark.parametrize("url", [RATES, RULES])
def test_no_fact_is_typed_into(client, url):
    seated(client)
    row = (PlanRate if url == RATES else DocumentRule).objects.first()
    for act in (f"{url}add/", f"{url}{row.pk}/delete/", f"{url}{row.pk}/change/"):
        assert client.post(act, {"post": "yes"}).status_code == 403
