"""What the database is asked while money is credited: each statement has its reason.

More of them is more CPU, and longer locks: one that is new stands here with its reason, or goes.
"""

from tests.factories import tell
from tests.statements import asked, budget

CREDITED = [
    ("SELECT payments_gatewaymessage", "did the same come before, by the same way?"),
    ("BEGIN", "the message is safe before it is judged: a transaction of its own"),
    ("INSERT payments_gatewaymessage", "stored first"),
    ("COMMIT", "nothing after this loses it"),
    ("BEGIN", "all that follows, or nothing"),
    ("SELECT payments_payment", "locks the payment: one judge at a time"),
    ("SELECT accounts_user", "locks the person: all their accounts"),
    (
        "SELECT contributions_contribution",
        "locks the registration and what is owed, and reads both",
    ),
    (
        "SELECT payments_payment",
        "is there anything odd: the transaction, news, refunds, a receipt?",
    ),
    ("UPDATE payments_payment", "succeeded, and all that FPX said"),
    ("INSERT payments_paymentstatuschange", "its history"),
    ("SELECT contributions_coverageperiod", "which period is the last?"),
    ("UPDATE contributions_contribution", "paid, and held no more"),
    ("INSERT contributions_contributionstatuschange", "its history"),
    ("UPDATE registration_registration", "paid for, so that officers look at it"),
    ("INSERT contributions_coverageperiod", "the cover"),
    ("SELECT receipts_number_seq", "the receipt's number; rolled back, it leaves a gap"),
    ("INSERT receipts_receipt", "the receipt"),
    ("INSERT foundation_outboxrow", "drawn, mailed and texted after the commit: three rows"),
    ("UPDATE payments_gatewaymessage", "how it was judged"),
    ("COMMIT", "now it is money"),
]
REPEATED = [
    ("SELECT payments_gatewaymessage", "did the same come before, by the same way?"),
    ("UPDATE payments_gatewaymessage", "counted there"),
]
RETURNED = [
    *CREDITED[:6],
    ("UPDATE payments_gatewaymessage", "how it was judged: credited before"),
    ("COMMIT", ""),
]


def test_a_credited_callback(payment):
    assert asked(lambda: tell(payment)) == budget(CREDITED)


def test_the_same_callback_again(payment):
    tell(payment)
    assert asked(lambda: tell(payment)) == budget(REPEATED)


def test_the_browser_that_comes_back_after_it(payment):
    tell(payment)
    assert asked(lambda: tell(payment, channel="return")) == budget(RETURNED)
