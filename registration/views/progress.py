"""How far a registration has come, as the overview and the dashboard show it."""

from datetime import datetime
from typing import Any

from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from registration.documents import Assessment, Need
from registration.kinds import KINDS
from registration.models import Registration, SupportingDocument
from registration.next_action import PAYING
from registration.views.next_action import document_url, next_url, retake_url

File = SupportingDocument.Status


def progress(registration: Registration, at: datetime) -> dict[str, Any]:
    """The assessment, the next action with its page, and the task list, for a template."""
    assessment = registration.assessment(at)
    return {
        "action": registration.next_action(assessment.next_step),
        "assessment": assessment,
        "tasks": tasks(registration, assessment),
        "next_url": next_url(registration, assessment),
        "retakes": _retakes(registration, assessment),
    }


def _retakes(registration: Registration, assessment: Assessment) -> list[dict[str, str]]:
    """A button for each document that an officer wants again, unless it is being read."""
    awaited = {kind for need in assessment.needs for kind in need.awaited}
    return [
        {"name": str(KINDS[one.kind].name), "url": retake_url(one)}
        for one in registration.to_retake
        if one.kind not in awaited
    ]


def tasks(registration: Registration, assessment: Assessment) -> list[dict[str, str]]:
    """Each page to fill in, with what is done of it; without links while it is not their turn."""
    unattached = {document.kind: document.status for document in registration.unattached_documents}
    returned = {one.kind: one for one in registration.to_retake}
    details = _done() if registration.has_particulars else _not_begun()
    rows = [
        {"title": _("Jenis perkhidmatan"), "url": resolve_url("registration:service"), **_done()},
        {"title": _("Maklumat anda"), "url": resolve_url("registration:details"), **details},
        *(_document_task(need, unattached, returned) for need in assessment.needs if need.kinds),
        *(_paying_tasks(registration, assessment) if registration.is_first_time else ()),
    ]
    return rows if registration.is_editable else [row | {"url": ""} for row in rows]


def _paying_tasks(registration: Registration, assessment: Assessment) -> list[dict[str, str]]:
    """The plan and its payment, with links once nothing else is missing."""
    may_choose = registration.next_action(assessment.next_step) in PAYING
    has_chosen = may_choose and hasattr(registration, "plan_choice")
    plan = resolve_url("contributions:choose_plan") if may_choose else ""
    check = resolve_url("contributions:check_answers") if has_chosen else ""
    return [
        {"title": _("Pelan caruman"), "url": plan, **(_done() if has_chosen else _not_begun())},
        {"title": _("Bayaran"), "url": check, **_not_begun()},
    ]


def _document_task(
    need: Need, unattached: dict[str, str], returned: dict[str, SupportingDocument]
) -> dict[str, str]:
    labels = [str(KINDS[document.kind].label) for document in need.sent]
    title = ", ".join(labels) or _either([str(KINDS[kind].label) for kind in need.kinds])
    asked = next((returned[kind] for kind in need.kinds if kind in returned), None)
    if asked and not need.awaited:
        again = {"status": _("Ambil semula"), "kind": "warning"}
        return {"title": title, "url": retake_url(asked), **again}
    return {"title": title, "url": document_url(need), **_document_status(need, unattached)}


def _document_status(need: Need, unattached: dict[str, str]) -> dict[str, str]:
    files = {unattached[kind] for kind in need.kinds if kind in unattached}
    if need.awaited:
        return {"status": _("Sedang diproses"), "kind": "info"}
    if need.is_met:
        return _done()
    if need.has_expired:
        return {"status": _("Tamat tempoh"), "kind": "error"}
    if files & {File.REFUSED, File.INFECTED}:
        return {"status": _("Tidak diterima"), "kind": "error"}
    if files:
        return {"status": _("Sedang diisi"), "kind": "info"}
    return _not_begun()


def _either(names: list[str]) -> str:
    """Such as "Surat kebenaran, Kad PSV atau Kad Pemandu"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s atau %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _done() -> dict[str, str]:
    return {"status": _("Selesai"), "kind": "success"}


def _not_begun() -> dict[str, str]:
    return {"status": _("Belum mula"), "kind": "neutral"}
