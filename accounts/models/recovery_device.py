"""An officer's recovery codes, for the day on which his authenticator is lost."""

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

    def verify_token(self, token: str) -> bool:
        """Takes a code once; wrong ones make the next wait longer."""
        return bool(super().verify_token(self.kept(token)))
