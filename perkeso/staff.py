"""The staff desk: Django's admin behind TOTP."""

from django_otp.admin import OTPAdminSite


class StaffSite(OTPAdminSite):
    """Nobody enters without a confirmed authenticator."""
