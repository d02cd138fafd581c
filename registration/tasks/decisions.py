"""What the driver is told of a decision, by mail and by SMS."""

from datetime import datetime, timedelta
from typing import Any

from accounts import sms
from foundation import mail, outbox
from registration.models import Registration, RegistrationStatusChange

Status = Registration.Status


@outbox.task(limit=timedelta(minutes=15))
def send_decision(pk: int, *, at: datetime) -> None:
    """Mails what the status change means, unless the registration has moved on since."""
    registration, message = _message(pk)
    if message and registration.user.email:
        user = registration.user
        mail.send(
            user.email, f"registration/mail/{message}", _words(registration), language=user.language
        )


@outbox.task(limit=timedelta(minutes=2))
def send_decision_sms(pk: int, *, at: datetime) -> None:
    """Texts that something was decided; reason and names stay on the portal."""
    registration, message = _message(pk)
    if message and registration.user.phone:
        sms.send_template(registration.user, f"registration/sms/{message}", _words(registration))


def _message(pk: int) -> tuple[Registration, str]:
    """The registration, and the name of the message; none when the news is no longer true."""
    change = RegistrationStatusChange.objects.select_related("registration__user").get(pk=pk)
    registration = change.registration
    if registration.status != change.to_status:
        return registration, ""
    if change.to_status != Status.SUBMITTED:
        return registration, change.to_status
    # Allowed, and paid already: nobody is asked to pay now.
    return registration, "" if registration.queued_at else "allowed"


def _words(registration: Registration) -> dict[str, Any]:
    return {"registration": registration, "user": registration.user}
