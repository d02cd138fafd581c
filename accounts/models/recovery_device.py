"""An officer's recovery codes, for the day on which their authenticator is lost."""

from django_otp.plugins.otp_static.models import StaticDevice

from foundation.encryption import keyed_digest

# django-otp's column has this width: 64 bits of a digest under a key that the database lacks.
_KEPT = 16


class RecoveryDevice(StaticDevice):  # type: ignore[misc]
    """django-otp's list of codes that are good once each, but the database has only digests."""

    class Meta:
        proxy = True

    @staticmethod
    def kept(code: str) -> str:
        """What the table holds of a code."""
        return keyed_digest("recovery_code", code)[:_KEPT]

    @classmethod
    def of_nobody(cls) -> "RecoveryDevice":
        """A list without codes: looking at it costs what looking at a real one does."""
        return cls(pk=0)

    def shows(self, token: str) -> bool:
        """True for a code that was not used yet; nothing is written."""
        return bool(self.token_set.filter(token=self.kept(token)).exists())

    def verify_token(self, token: str) -> bool:
        """Takes a code once; wrong ones make the next wait longer."""
        return bool(super().verify_token(self.kept(token)))
