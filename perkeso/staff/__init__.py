"""The staff desk: Django's admin behind TOTP, in Malay."""

from perkeso.staff.site import StaffSite

__all__ = ["StaffSite"]
