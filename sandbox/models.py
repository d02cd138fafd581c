"""What the outside world remembers: payments at the bank, messages to send, SMS and mail."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models

from sandbox.scenarios import NORMAL, SCENARIOS, Scenario

PENDING = "09"


class CurrentScenario(models.Model):
    """The one row that says what the next payments meet."""

    name = models.CharField(max_length=40, default=NORMAL)
    seconds = models.FloatField(default=5)

    objects: ClassVar[models.Manager["CurrentScenario"]] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def now(cls) -> "CurrentScenario":
        """The row, or what holds before anybody chose."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class FpxTransaction(models.Model):
    """One request that reached the exchange, and what became of it."""

    token = models.UUIDField(default=uuid4, unique=True)
    request = models.JSONField()
    seller_ex_order_no = models.CharField(max_length=40, unique=True)
    seller_order_no = models.CharField(max_length=40, db_index=True)
    bank = models.CharField(max_length=10)
    scenario_name = models.CharField(max_length=40)
    seconds = models.FloatField()
    received_at = models.DateTimeField()
    fpx_txn_id = models.CharField(max_length=16)
    signed_in_at = models.DateTimeField(null=True)
    # Refused by the exchange itself, before the payer saw the bank.
    is_refused = models.BooleanField(default=False)
    code = models.CharField(max_length=2, default="")
    decided_at = models.DateTimeField(null=True)
    later_code = models.CharField(max_length=2, default="")
    later_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["FpxTransaction"]] = models.Manager()

    def __str__(self) -> str:
        return self.seller_ex_order_no

    @property
    def scenario(self) -> Scenario:
        return SCENARIOS[self.scenario_name]

    @property
    def delay(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def model(self) -> str:
        return str(self.request["fpx_msgToken"])

    @property
    def amount(self) -> str:
        return str(self.request["fpx_txnAmount"])

    def code_at(self, at: datetime) -> str:
        """What the exchange knows at that moment; `09` while the payer is at the bank."""
        if self.later_at and at >= self.later_at:
            return self.later_code
        return self.code or PENDING


class Delivery(models.Model):
    """One message on its way to the merchant, and what was answered."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "Mesej langsung"
        INDIRECT = "indirect", "Salinan mesej pelayar"
        SMS_RECEIPT = "sms_receipt", "Resit SMS"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    transaction = models.ForeignKey(
        FpxTransaction, on_delete=models.CASCADE, null=True, related_name="deliveries"
    )
    url = models.CharField(max_length=500)
    body = models.TextField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.IntegerField(default=0)
    answer = models.CharField(max_length=200, default="")
    is_taken = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.kind} to {self.url}"


class TextMessage(models.Model):
    """One SMS that the gateway took."""

    public_id = models.UUIDField(default=uuid4, unique=True)
    to = models.CharField(max_length=20, db_index=True)
    text = models.CharField(max_length=1000)
    reference = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 none is not ""
    sent_at = models.DateTimeField()

    objects: ClassVar[models.Manager["TextMessage"]] = models.Manager()

    def __str__(self) -> str:
        return f"SMS to {self.to}"


class Letter(models.Model):
    """One mail that the server took, whole."""

    to = models.CharField(max_length=1000, db_index=True)
    subject = models.CharField(max_length=1000)
    content = models.BinaryField()
    received_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Letter"]] = models.Manager()

    def __str__(self) -> str:
        return self.subject
