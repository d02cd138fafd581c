"""A bar inside a signed value would let the same signature vouch for other values."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from foundation.alarms import Alarm
from payments.fpx import messages, orders, reading
from payments.fpx.messages import SIGNED_FIELDS, Ambiguous
from payments.models import GatewayMessage, Payment
from payments.services import messages as payment_messages
from receipts.models import Receipt
from tests.factories import tell
from tests.payments import fakes

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ANSWERED = sorted(set(SIGNED_FIELDS["AC"]) - {"fpx_msgType"})
LISTED = sorted(set(SIGNED_FIELDS["BC"]) - {"fpx_msgType"})
ASKED = sorted(set(SIGNED_FIELDS["AR"]) - {"fpx_msgType"})


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_with_a_bar_is_kept_alarmed_and_never_credited(payment, name):
    value = fakes.answer_fields(payment)[name]
    message = tell(payment, **{name.removeprefix("fpx_"): f"{value}|"})
    assert (message.verdict, message.detail) == (
        "unverified",
        "a signed value holds the separator",
    )
    assert GatewayMessage.objects.get().raw
    assert Alarm.objects.filter(kind="fpx_separator").count() == 1
    assert Payment.objects.get().status == "started"
    assert not Receipt.objects.exists()


def test_a_name_cannot_be_split_into_another_answer(payment):
    """FPX signs a "no" whose buyer is called so that, cut elsewhere, it is a "yes"."""
    honest = fakes.answer_fields(payment, "51", buyerName="A|00|1|00|2")
    names = sorted(honest)
    signed = fakes.sign(honest)
    values = "|".join(honest[name] for name in names).split("|")
    split = dict(zip(names, values, strict=False)) | {"fpx_checkSum": signed["fpx_checkSum"]}
    split["fpx_txnCurrency"] = "|".join(values[len(names) - 1 :])
    for fields in (signed, split):
        message = tell_raw(fields, payment)
        assert message.verdict == "unverified"
    assert Payment.objects.get().status == "started"


def tell_raw(fields, payment):
    raw = fakes.encode(fields)
    return payment_messages.record_message(channel="callback", raw=raw, at=payment.started_at)


@pytest.mark.parametrize("name", LISTED)
def test_a_bank_list_with_a_bar_is_unreadable(db, name):
    value = {"fpx_bankList": "TEST0021~A", "fpx_msgToken": "01"}.get(name, "EX00009999")
    with pytest.raises(Ambiguous):
        reading.read_bank_list(fakes.bank_list(**{name: f"{value}|"}), at=NOW)


@pytest.mark.parametrize("name", ASKED)
def test_a_kept_request_with_a_bar_is_not_asked_about(name):
    order = orders.Order("2611220000000000", "TEST0021", "", "SPS", Decimal("13.10"), NOW)
    fields = json.loads(orders.payment_request(order))
    with pytest.raises(ValueError, match=name):
        orders.enquiry(json.dumps(fields | {name: f"{fields[name]}|"}))


@pytest.mark.parametrize("field", ["reference", "bank_id", "buyer_email", "description"])
def test_no_order_with_a_bar_is_signed(field):
    facts = {"reference": "2611220000000000", "bank_id": "TEST0021", "buyer_email": ""}
    facts |= {"description": "SPS", "amount": Decimal("13.10"), "at": NOW}
    with pytest.raises(ValueError, match="cannot take"):
        orders.payment_request(orders.Order(**(facts | {field: "a|b"})))


@pytest.mark.parametrize("setting", ["FPX_SELLER_EX_ID", "FPX_SELLER_ID"])
def test_no_number_of_ours_with_a_bar_is_signed(settings, setting):
    setattr(settings, setting, "EX|1")
    order = orders.Order("2611220000000000", "TEST0021", "", "SPS", Decimal("13.10"), NOW)
    with pytest.raises(ValueError, match="cannot take"):
        orders.payment_request(order)
    if setting == "FPX_SELLER_EX_ID":
        with pytest.raises(ValueError, match="cannot take"):
            orders.bank_list_request()


def test_a_bar_in_what_is_not_signed_is_nobodys_business(payment):
    fields = fakes.sign(fakes.answer_fields(payment)) | {"fpx_ebuyerID": "a|b"}
    assert not messages.is_ambiguous(fields)
    assert tell_raw(fields, payment).verdict == "accepted"
