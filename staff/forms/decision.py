"""What an officer decides about a registration, with one key for each decision."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.encryption import keyed_digest
from foundation.forms import PortalForm
from registration.models import Registration, SupportingDocument
from registration.models.choices import OF_A_DOCUMENT, Reason
from registration.services.decisions import Fault

Status = Registration.Status
REFUSALS = {Status.RETURNED, Status.REJECTED}


@dataclass(frozen=True)
class Decision:
    """A button: the status that it leads to, its words, and the key that presses it."""

    to: str
    words: Any
    key: str

    @property
    def is_refusal(self) -> bool:
        """True when the applicant must be told a reason."""
        return self.to in REFUSALS


DECISIONS = [
    Decision(Status.APPROVED, _("Lulus"), "L"),
    Decision(Status.SUBMITTED, _("Benarkan membayar"), "B"),
    Decision(Status.RETURNED, _("Kembalikan"), "K"),
    Decision(Status.REJECTED, _("Tolak"), "T"),
]


@dataclass(frozen=True)
class Decided:
    """What the officer answered; `reason` is empty unless it is a refusal."""

    to: Status
    reason: str
    note: str
    faults: tuple[Fault, ...] = ()


def state_of(registration: Registration) -> str:
    """What an officer has looked at; the identity, which a correction changes, as a digest."""
    person = registration.user
    identity = keyed_digest("seen", f"{person.ic_number}\0{person.full_name}")
    return f"{registration.status} {registration.changed_at.isoformat()} {identity}"


class DecisionForm(PortalForm):
    """The decision is the button pressed; `decisions` are those that the life cycle allows now."""

    decision = forms.ChoiceField(
        error_messages={
            "required": _("Pilih keputusan"),
            "invalid_choice": _("Pilih keputusan"),
        },
    )
    reason = forms.ChoiceField(
        label=_("Sebab, seperti yang dibaca oleh pemohon"),
        help_text=_("Hanya untuk Kembalikan dan Tolak"),
        choices=[
            (code, format_lazy("{} · {}", key, words))
            for key, (code, words) in enumerate([("", _("Tiada")), *Reason.choices])
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Catatan kepada pemohon (jika ada)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.now = state_of(registration)
        super().__init__(*args, initial={"seen": self.now}, **kwargs)
        open_to = Registration.TRANSITIONS[Status(registration.status)]
        self.decisions = [decision for decision in DECISIONS if decision.to in open_to]
        choices = [(decision.to, decision.words) for decision in self.decisions]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]
        may_return = Status.RETURNED in open_to
        self.papers = {
            f"document_{one.kind}": one for one in registration.live_documents if may_return
        }
        for name, document in self.papers.items():
            self.fields[name] = _fault_field(document)

    @property
    def paper_fields(self) -> list[BoundField]:
        """A box for each document that may be returned."""
        return [self[name] for name in self.papers]

    def clean(self) -> None:
        """A refusal needs a reason, "another reason" a note; a page overtaken is shown again."""
        answers = self.cleaned_data
        decision, reason = answers.get("decision"), answers.get("reason")
        faults = self._clean_faults(decision, reason)
        if decision in REFUSALS and not reason and not faults:
            self.add_error("reason", ValidationError(_("Pilih sebab"), code="required"))
        if decision and decision not in REFUSALS and reason:
            words = _("Sebab hanya untuk Kembalikan dan Tolak. Pilih Tiada, atau keputusan lain")
            self.add_error("reason", ValidationError(words, code="contradicts"))
        if Reason.OTHER in {reason, *faults.values()} and not answers.get("note"):
            words = _("Terangkan sebab itu kepada pemohon")
            self.add_error("note", ValidationError(words, code="required"))
        if answers.get("seen") != self.now:
            words = _("Pendaftaran ini telah berubah sejak anda membukanya. Semak sekali lagi")
            raise ValidationError(words, code="changed")

    def _clean_faults(self, decision: str | None, reason: str | None) -> dict[str, str]:
        """The boxes that name a reason; what is wrong with a document names the document."""
        answers = self.cleaned_data
        faults = {name: answers[name] for name in self.papers if answers.get(name)}
        if decision and decision != Status.RETURNED:
            for name in faults:
                words = _("Hanya untuk Kembalikan. Pilih Tiada, atau keputusan lain")
                self.add_error(name, ValidationError(words, code="contradicts"))
        if decision == Status.RETURNED and reason in OF_A_DOCUMENT and self.papers and not faults:
            words = _("Pilih dokumen yang perlu dihantar semula")
            self.add_error(next(iter(self.papers)), ValidationError(words, code="required"))
        return faults

    def decided(self) -> Decided:
        """The answers of a valid form."""
        answers = self.cleaned_data
        faults = [(document, answers[name]) for name, document in self.papers.items()]
        return Decided(
            Status(answers["decision"]),
            answers["reason"],
            answers["note"],
            tuple(Fault(document, reason) for document, reason in faults if reason),
        )


def _fault_field(document: SupportingDocument) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=format_lazy(_("Minta semula: {document}"), document=document.get_kind_display()),
        choices=[("", _("Tiada")), *Reason.choices],
        required=False,
    )
