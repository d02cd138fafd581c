"""Personal data at rest: encrypted columns, and keyed blind indexes to find them by.

Values carry the version of their key, so two key versions can live side by side. The column's
name is authenticated with the value: ciphertext moved to another column does not decrypt.
"""

import base64
import hmac
import os
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_NONCE_BYTES = 12


@lru_cache(maxsize=1)
def _field_keys() -> dict[str, AESGCM]:
    keys = dict(entry.split(":", 1) for entry in settings.FIELD_KEYS)
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS holds no key: personal data cannot be stored.")
    return {version: AESGCM(base64.b64decode(key)) for version, key in keys.items()}


def current_version() -> str:
    """The version of the key that seals what is written now."""
    return next(iter(_field_keys()))


def encrypt(value: str, *, column: str) -> str:
    """Encrypts `value` under the current key; `column` is authenticated with it."""
    version = current_version()
    key = _field_keys()[version]
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + key.encrypt(nonce, value.encode(), column.encode())
    return f"{version}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, *, column: str) -> str:
    """Opens a stored value under the key that it names; raises InvalidTag when it was touched."""
    version, _, sealed_text = stored.partition(":")
    sealed = base64.b64decode(sealed_text)
    key = _field_keys()[version]
    return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], column.encode()).decode()


def keyed_digest(purpose: str, value: str, *, key: str | None = None) -> str:
    """HMAC-SHA-256 of `value` for one purpose, in hex; INDEX_KEY unless another key is given."""
    secret = base64.b64decode(settings.INDEX_KEY if key is None else key)
    return hmac.new(secret, f"{purpose}\0{value}".encode(), sha256).hexdigest()


def blind_index(purpose: str, value: str | None) -> str | None:
    """The value to look an encrypted column up by; None and the empty string have none."""
    return keyed_digest(purpose, value) if value else None


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text column that the database sees only encrypted (AES-256-GCM)."""

    @property
    def _column(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def unseal(self, stored: str) -> str:
        """What a stored value of this column says."""
        return decrypt(stored, column=self._column)

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value), column=self._column) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return self.unseal(value) if value else value


class BlindIndexField(models.CharField):  # type: ignore[type-arg]
    """The blind index of another column of the row, written whenever the row is saved.

    `QuerySet.update` does not save rows: change the source by `save()` only.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(max_length=64, editable=False, null=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for derived in ("max_length", "editable", "null"):
            kwargs.pop(derived, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = blind_index(self.source, getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value
