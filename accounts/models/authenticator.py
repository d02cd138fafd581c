"""An officer's authenticator, whose secret the database sees only encrypted."""

import time

from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from foundation.encryption import EncryptedTextField


class Authenticator(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]
    """django-otp's TOTP device in a table of our own: its key has room for a sealed one only here.

    What it does is django-otp's to the letter; `reencrypt` finds the column like every other.
    """

    key = EncryptedTextField(default=default_key)
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)
    # What every authenticator app assumes.
    step, t0, digits, tolerance = 30, 0, 6, 1

    bin_key = TOTPDevice.bin_key
    config_url = TOTPDevice.config_url
    verify_token = TOTPDevice.verify_token
    get_throttle_factor = TOTPDevice.get_throttle_factor
    _read_str_from_settings = TOTPDevice._read_str_from_settings

    @classmethod
    def of_nobody(cls) -> "Authenticator":
        """One that shows what nobody sees: looking at it costs what looking at a real one does."""
        return cls(key=default_key())

    def shows(self, token: str) -> bool:
        """True for digits that it shows now and that were not taken yet; nothing is written."""
        totp = TOTP(self.bin_key, self.step, self.t0, self.digits, self.drift)
        totp.time = time.time()
        return bool(totp.verify(int(token), self.tolerance, self.last_t + 1))
