"""The desk of the officers: Django's admin behind TOTP, in Malay."""
