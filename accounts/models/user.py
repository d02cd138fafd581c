"""The user: a driver's account, an account in the making, or an officer."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q

from foundation.encryption import BlindIndexField, EncryptedTextField, blind_index


class UserQuerySet(models.QuerySet["User"]):
    """Filters over users."""

    def opened(self) -> "UserQuerySet":
        return self.filter(opened_at__isnull=False, closed_at=None)

    def sign_ups(self) -> "UserQuerySet":
        return self.filter(opened_at=None, is_staff=False)

    def with_ic_number(self, ic_number: str) -> "UserQuerySet":
        """Users who gave this IC number; only one of them can have an opened account."""
        return self.filter(ic_number_index=blind_index("ic_number", ic_number))

    # What django.contrib.auth asks of a user's manager:
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Saves a user; without a password nobody logs in with it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self.db)
        return user

    def create_superuser(self, username: str, password: str, **fields: Any) -> "User":
        """Saves an officer who may do everything."""
        powers = {"is_staff": True, "is_superuser": True, "is_active": True}
        return self.create_user(username, password, **powers, **fields)


def new_username() -> str:
    """A driver's username: random, because the IC number must stand in no log or url."""
    return uuid.uuid4().hex


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A driver's account or sign-up, or an officer.

    Until `opened_at` a driver's row is a sign-up: its data is unproved and reserves nothing, so
    several sign-ups may hold one IC number. Phone and e-mail are never unique: spouses share them.
    """

    username = models.CharField(max_length=150, unique=True, default=new_username)
    full_name = models.CharField(max_length=150)
    ic_number = EncryptedTextField(null=True, blank=True)
    ic_number_index = BlindIndexField(source="ic_number")
    phone = EncryptedTextField(null=True, blank=True)
    phone_index = BlindIndexField(source="phone", db_index=True)
    email = EncryptedTextField(null=True, blank=True)
    email_index = BlindIndexField(source="email", db_index=True)
    secret_phrase = EncryptedTextField(blank=True, default="")
    language = models.CharField(max_length=2, default="ms")
    consent_version = models.CharField(max_length=20, blank=True)
    consent_language = models.CharField(max_length=2, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    # The form that began the sign-up: sent twice, it is still one sign-up.
    sign_up_attempt = models.UUIDField(unique=True, null=True, blank=True)
    # When somebody last tried to sign up with this account's IC number and its owner was told.
    sign_up_told_at = models.DateTimeField(null=True, blank=True)
    phone_proved_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # An account that nobody can log in to any more; its IC number is free again.
    closed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)

    objects = UserQuerySet.as_manager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        permissions = [
            ("view_contact", "Sees phone and e-mail, masked"),
            ("view_whole_ic_number", "Reads an IC number whole"),
            ("view_whole_contact", "Reads phone and e-mail whole"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ic_number_index"],
                condition=Q(opened_at__isnull=False, closed_at=None),
                name="user_opened_ic_number_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False, is_active=False),
                name="user_closed_was_opened",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(ic_number_index__isnull=False),
                name="user_opened_has_ic_number",
            ),
        ]
        indexes = [models.Index(fields=["ic_number_index"], name="user_ic_number")]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.partition(" ")[0]

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None
