"""A payment at the bank, as browser and merchant see it."""

import pytest

from sandbox.fpx import messages
from tests.reading import in_one_line
from tests.sandbox.world import until


def test_a_payment_goes_through(world, portal):
    request = world.request()
    page = world.pay(request)
    # The merchant was told before the browser was let go.
    (direct,) = portal.direct
    assert direct["fpx_debitAuthCode"] == "00"
    world.go_back(page)
    assert portal.indirect == [direct]
    assert world.is_genuine(direct)


def test_an_answer_has_the_shape_of_a_real_one(world, portal):
    request = world.request()
    world.pay(request)
    ((_, answer, raw),) = portal.received
    assert [pair.split("=")[0] for pair in raw.split("&")] == list(messages.WIRE["AC"])
    assert len(answer["fpx_fpxTxnId"]) == 16
    assert answer["fpx_fpxTxnTime"][2:] == answer["fpx_fpxTxnId"][:12]
    assert answer["fpx_buyerBankBranch"] == "SBI BANK A"
    assert answer["fpx_makerName"] == "New Simulator"
    assert (answer["fpx_debitAuthNo"], answer["fpx_creditAuthNo"]) == ("15733223", "9999999999")
    assert answer["fpx_creditAuthCode"] == "00"
    assert answer["fpx_buyerName"]
    for name in ["sellerExOrderNo", "sellerOrderNo", "sellerTxnTime", "txnAmount", "buyerBankId"]:
        assert answer[f"fpx_{name}"] == request[f"fpx_{name}"]


def test_buyers_have_hostile_names(world, portal):
    for _ in range(3):
        world.pay(world.request())
    names = {answer["fpx_buyerName"] for answer in portal.direct}
    assert names == {"N@ME()/ .-&BUYER", "Nur@/() .-_,&'Ain", "PnN@m()/PyN.-&B''UYER"}


@pytest.mark.parametrize(("user", "pin"), [("1234", "4321"), ("aminah", "1234"), ("", "")])
def test_a_wrong_log_in_says_so(world, user, pin):
    page = world.arrive(world.request())
    again = world.session.post(page.url, {"CardNum": user, "HPin": pin}, timeout=10)
    assert "Nama pengguna atau PIN salah" in again.text
    assert "<title>Ralat: " in again.text


def test_nothing_can_be_confirmed_before_the_log_in(world, portal):
    page = world.arrive(world.request())
    answer = world.session.post(f"{page.url}sahkan/", timeout=10)
    assert answer.url == page.url
    assert portal.received == []


@pytest.mark.parametrize(("is_logged_in", "code"), [(False, "1C"), (True, "1L")])
def test_a_payer_cancels(world, portal, is_logged_in, code):
    request = world.request()
    page = world.log_in(request) if is_logged_in else world.arrive(request)
    url = page.url.removesuffix("sahkan/")
    page = world.session.post(f"{url}batal/", timeout=10)
    world.go_back(page)
    (direct,) = portal.direct
    assert portal.indirect == [direct]
    assert direct["fpx_debitAuthCode"] == code
    assert direct["fpx_creditAuthCode"] == direct["fpx_debitAuthNo"] == ""


def test_a_decision_is_made_once(world, portal):
    page = world.pay(world.request())
    url = page.url.removesuffix("kembali/")
    for path in ["sahkan/", "batal/", ""]:
        assert world.session.post(url + path, timeout=10).url == page.url
    assert [answer["fpx_debitAuthCode"] for answer in portal.direct] == ["00"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sellerExId": "EX00000001"}, "XI"),
        ({"sellerId": "SE00000001"}, "XS"),
        ({"msgType": "AE"}, "XE"),
        ({"sellerExOrderNo": "a'b"}, "30"),
    ],
)
def test_a_request_of_a_stranger_gets_an_error_page(world, portal, changes, code):
    page = world.arrive(world.request(**changes))
    assert page.status_code == 400
    assert f"<code>{code}</code>" in page.text
    assert portal.received == []


def test_a_forged_request_gets_an_error_page(world):
    page = world.arrive(world.request() | {"fpx_txnAmount": "1.00"})
    assert page.status_code == 400
    assert "<code>XC</code>" in page.text


def test_a_request_without_a_field_gets_an_error_page(world):
    request = world.request()
    del request["fpx_buyerIban"]
    assert "<code>XE</code>" in world.arrive(request).text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"txnAmount": "13.1"}, "13"),
        ({"txnAmount": "30000.01"}, "48"),
        ({"buyerBankId": "TEST0023"}, "BB"),
        ({"txnCurrency": "USD"}, "47"),
    ],
)
def test_a_faulty_request_is_answered_with_its_code(world, portal, changes, code):
    page = world.arrive(world.request(**changes))
    world.go_back(page)
    (direct,) = portal.direct
    assert portal.indirect == [direct]
    assert world.is_genuine(direct)
    assert direct["fpx_debitAuthCode"] == code
    assert direct["fpx_buyerName"] == ""


def test_a_number_is_used_once(world, portal):
    request = world.request()
    world.arrive(request)
    assert "<code>XN</code>" in world.arrive(request).text
    second = world.request(sellerOrderNo=request["fpx_sellerOrderNo"])
    world.arrive(second)
    (answer,) = portal.direct
    assert answer["fpx_sellerExOrderNo"] == second["fpx_sellerExOrderNo"]
    assert answer["fpx_debitAuthCode"] == "45"
    assert world.enquired(request)["fpx_debitAuthCode"] == "09"


def test_a_request_without_a_bank_chooses_it_at_the_exchange(world, portal):
    request = world.request(buyerBankId="")
    page = world.post("/FPXMain/sellerNVPReceiver.jsp", request)
    assert "SBI BANK B" in page.text
    page = world.session.post(page.url, {"bank": "TEST0022"}, timeout=10)
    page = world.session.post(page.url, {"CardNum": "1234", "HPin": "1234"}, timeout=10)
    world.session.post(page.url, timeout=10)
    (answer,) = portal.direct
    assert answer["fpx_buyerBankId"] == "TEST0022"
    assert answer["fpx_buyerBankBranch"] == "SBI BANK B"


def test_the_direct_message_is_repeated_until_the_merchant_says_ok(world, portal):
    portal.answers = ["CHECKSUM ERROR"]
    world.pay(world.request())
    until(lambda: len(portal.direct) == 2)
    assert portal.direct[0] == portal.direct[1]


def test_the_direct_message_is_given_up_after_its_repeats(world, portal):
    portal.answers = ["no"] * 4
    request = world.request()
    world.pay(request)
    until(lambda: len(portal.direct) == 3)
    until(lambda: "3 kali: 200 no" in in_one_line(world.get("/fpx/").text))
    assert portal.answers == ["no"]


@pytest.mark.parametrize(
    "path", ["seller2DReceiver.jsp", "sellerNVPReceiver.jsp", "sellerNVPTxnStatus.jsp"]
)
def test_message_end_points_show_an_error_page_to_a_get(world, path):
    page = world.get(f"/FPXMain/{path}")
    assert page.status_code == 400
    assert "FPX menolak permintaan ini" in page.text
