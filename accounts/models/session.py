"""Sessions that know whose they are, so that one browser's or all of somebody's can be ended.

Both columns are read from the session whenever it is saved: nothing has to follow its key, which
changes at each step up. The module is the session engine, too (`settings.SESSION_ENGINE`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

LOG_IN = "log_in"


class SessionQuerySet(models.QuerySet["Session"]):
    """Filters over sessions."""

    def live(self, at: datetime) -> "SessionQuerySet":
        return self.filter(expire_date__gt=at)


class Session(AbstractBaseSession):
    """One browser's session; `log_in_id` is the log-in that began it, if somebody logged in."""

    user_id = models.BigIntegerField(null=True, db_index=True)
    log_in_id = models.BigIntegerField(null=True)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(db.SessionStore):
    """Django's, in the database alone, with our columns: nobody is logged out with a cache."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def cycle_key(self) -> None:
        """Gives what it holds another key, which the answer saves: Django's own saves it twice."""
        old = self.session_key
        self.keys()  # read while it has its key
        self._session_key = None
        self.modified = True
        Session.objects.filter(session_key=old).delete()

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        """The row of a session that is about to be saved."""
        row: Session = super().create_model_instance(data)  # type: ignore[arg-type, assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.log_in_id = data.get(LOG_IN)
        return row
