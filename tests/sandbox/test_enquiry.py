"""What the exchange answers when the merchant's server asks."""

import pytest

from sandbox.fpx import messages


def test_an_order_that_never_came_is_not_found(world):
    request = world.request()
    answer = world.enquired(request)
    assert answer["fpx_debitAuthCode"] == "76"
    empty = {name.removeprefix("fpx_") for name, value in answer.items() if not value}
    assert empty == {
        "buyerBankBranch",
        "buyerIban",
        "buyerId",
        "buyerName",
        "creditAuthCode",
        "creditAuthNo",
        "debitAuthNo",
        "fpxTxnId",
        "fpxTxnTime",
        "makerName",
    }
    assert answer["fpx_sellerExOrderNo"] == request["fpx_sellerExOrderNo"]


def test_a_payer_at_the_bank_is_pending(world):
    request = world.request()
    world.log_in(request)
    answer = world.enquired(request)
    assert answer["fpx_debitAuthCode"] == "09"
    assert answer["fpx_creditAuthCode"] == answer["fpx_buyerName"] == answer["fpx_makerName"] == ""
    assert answer["fpx_buyerBankBranch"] == "SBI BANK A"
    assert answer["fpx_fpxTxnId"]


def test_the_answer_to_an_enquiry_is_the_message_itself(world, portal):
    request = world.request()
    world.pay(request)
    assert world.enquired(request) == portal.direct[0]


def test_another_amount_is_another_order(world):
    request = world.request()
    world.pay(request)
    assert world.enquired(request, txnAmount="13.20")["fpx_debitAuthCode"] == "76"


def test_a_forged_enquiry_gets_no_answer(world):
    forged = world.request(msgType="AE") | {"fpx_txnAmount": "1.00"}
    answer = world.post("/FPXMain/sellerNVPTxnStatus.jsp", forged)
    assert answer.text.strip() == "msgfromfpx= PROSESSING ERROR"


def test_an_unknown_exchange_gets_no_answer(world):
    answer = world.enquire(world.request(), sellerExId="EX00000001")
    assert answer.text.strip() == "ERROR"


def bank_list(world, **changes):
    fields = {
        "fpx_msgToken": "01",
        "fpx_msgType": "BE",
        "fpx_sellerExId": "EX00009999",
        "fpx_version": "7.0",
    } | {f"fpx_{name}": value for name, value in changes.items()}
    return world.post("/FPXMain/RetrieveBankList", world.signed(fields))


def test_the_bank_list_is_signed_and_in_no_order(world):
    answer = bank_list(world)
    assert answer.text.startswith("\r\n\r\n")
    fields = messages.decode(answer.text.strip().encode())
    assert world.is_genuine(fields)
    assert fields["fpx_msgType"] == "BC"
    banks = dict(entry.split("~") for entry in fields["fpx_bankList"].split(","))
    assert banks["TEST0021"] == "A"
    assert "B" in banks.values()
    assert "NEWB0999" in banks
    assert list(banks) != sorted(banks)


def test_each_model_has_its_own_list(world):
    fields = messages.decode(bank_list(world, msgToken="02").text.strip().encode())
    assert "DBB0199~B" in fields["fpx_bankList"]


@pytest.mark.parametrize("changes", [{"msgToken": "09"}, {"sellerExId": "EX00000001"}])
def test_a_faulty_request_for_the_list_gets_no_list(world, changes):
    assert bank_list(world, **changes).text.strip() == "ERROR"


def test_a_forged_request_for_the_list_gets_no_list(world):
    answer = world.post("/FPXMain/RetrieveBankList", world.request(msgType="AE"))
    assert answer.text.strip() == "ERROR"
