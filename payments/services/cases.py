"""Opens cases: what finance must settle by hand."""

from datetime import datetime

from payments.models import Case, GatewayMessage, Payment
from perkeso.alarms import raise_alarm

_DETAIL_LENGTH = 200


def open_case(
    *,
    kind: Case.Kind,
    payment: Payment | None,
    at: datetime,
    message: GatewayMessage | None = None,
    detail: str = "",
) -> Case:
    """Opens a case and raises the alarm of its kind; the same news again opens no second one.

    `detail` holds no personal data.
    """
    case, is_new = Case.objects.get_or_create(
        kind=kind,
        payment=payment,
        detail=detail[:_DETAIL_LENGTH],
        closed_at=None,
        defaults={"message": message, "opened_at": at},
    )
    if is_new:
        raise_alarm(f"payment_{kind}", payment.reference if payment else "-", at=at, detail=detail)
    return case
