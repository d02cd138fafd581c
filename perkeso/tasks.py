"""What the top does after a commit: makes the copy of everything about somebody."""

from datetime import datetime, timedelta

from accounts.models import PersonalCopy
from foundation import mail, outbox
from foundation.addresses import absolute
from perkeso.privacy.gathering import write_copy


@outbox.task(limit=timedelta(minutes=15))
def make_copy(pk: int, *, at: datetime) -> None:
    """Writes the zip of a copy, once."""
    copy = PersonalCopy.objects.select_related("user").get(pk=pk)
    if copy.made_at is None:
        name, size = write_copy(copy, at=at)
        PersonalCopy.objects.filter(pk=pk).update(file=name, size=size, made_at=at)


@outbox.task(limit=timedelta(minutes=30))
def send_copy_ready(pk: int, *, at: datetime) -> None:
    """Mails that the copy is there, once it is; raises NotYet until then."""
    copy = PersonalCopy.objects.select_related("user").get(pk=pk)
    if copy.made_at is None:
        raise outbox.NotYet
    user = copy.user
    url = absolute("personal_copy", language=user.language)
    words = {"user": user, "url": url, "ends_at": copy.ends_at}
    mail.send(str(user.email), "perkeso/mail/copy_ready", words, language=user.language)
