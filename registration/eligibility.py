"""Who may be insured: eligible, not eligible (with coded reasons and the way out), or refer.

The law's criteria and the guide's table of documents as plain values. Which document counts
where, and from when to when, is data: one `Rule` for each sector, region and kind. Days are days
in Malaysia, both ends of a rule included; a document counts through the end of its expiry day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from registration.kinds import DRIVER_PROFILE, KINDS, LICENCE, PSV_CARD

PERMANENT_RESIDENT = "permanent_resident"
NEITHER = "other"  # neither citizen nor permanent resident


@dataclass(frozen=True)
class Document:
    """A supporting document, as far as the rules look at it."""

    kind: str
    expiry_date: date

    def is_valid_on(self, day: date) -> bool:
        """True through the end of its expiry day."""
        return self.expiry_date >= day


@dataclass(frozen=True)
class Rule:
    """From when to when a kind of document counts in a sector and region, and how far."""

    sector: str
    region: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    refers: bool = False
    minimum_age: int | None = None

    def is_in_force_on(self, day: date) -> bool:
        """True from the first day to the last."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Facts:
    """What is known of an applicant when the rules are run."""

    sector: str
    region: str
    citizenship: str
    birth_date: date
    documents: tuple[Document, ...]
    has_particulars: bool = True
    allowed_for: str = ""
    awaited: tuple[str, ...] = ()  # kinds whose file is being read: it may yet be refused

    def documents_of(self, kind: str) -> list[Document]:
        return [document for document in self.documents if document.kind == kind]


class Outcome(StrEnum):
    """What the rules can answer."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    REFER = "refer"


@dataclass(frozen=True)
class Reason:
    """Why somebody is not eligible: a stable code, the sentence, and the way out.

    `kinds` are the documents of which one would do, `from_date` the day on which time mends it.
    """

    code: str
    kinds: tuple[str, ...] = ()
    from_date: date | None = None

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code])

    @property
    def way_out(self) -> str:
        """What the applicant can do about it."""
        if self.code in WAYS_OUT:
            return str(WAYS_OUT[self.code])
        if self.kinds:
            return str(_("Muat naik dokumen yang diterima."))
        return str(WAYS_OUT_WITHOUT_DOCUMENT.get(self.code, NO_DOCUMENT_COUNTS))

    @property
    def is_final(self) -> bool:
        """True when no document mends it."""
        return not self.kinds and self.code in {"NOT_CITIZEN", "BELOW_MINIMUM_AGE"}


@dataclass(frozen=True)
class Verdict:
    """The rules' answer; `notes` are codes of what an officer should look at."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    @property
    def is_final(self) -> bool:
        """True when no document can change the answer."""
        return any(reason.is_final for reason in self.reasons)

    @property
    def decisive(self) -> tuple[Reason, ...]:
        """The reasons to tell: where one is final, mending the others would be in vain."""
        return tuple(reason for reason in self.reasons if reason.is_final) or self.reasons


SENTENCES = {kind.expired: kind.expired_sentence for kind in KINDS.values()} | {
    "NOT_CITIZEN": _("Skim ini hanya untuk warganegara dan pemastautin tetap Malaysia."),
    "PARTICULARS_MISSING": _("Maklumat anda belum lengkap."),
    "DOCUMENT_BEING_READ": _("Fail anda sedang diproses."),
    "LICENCE_MISSING": _("Lesen memandu anda belum dimuat naik."),
    "SECOND_DOCUMENT_MISSING": _("Dokumen kedua anda belum dimuat naik."),
    "PROFILE_NO_LONGER_ACCEPTED": _("Profil Pemandu tidak lagi diterima."),
    "PROFILE_NOT_FOR_TAXI": _("Profil Pemandu ialah bukti perkhidmatan e-hailing, bukan teksi."),
    "LETTER_NOT_FOR_REGION": _("Surat kebenaran diterima di Sabah, Sarawak dan Labuan sahaja."),
    "BUS_NEEDS_PSV": _("Pemandu bas memerlukan lesen vokasional (Kad PSV)."),
    "DOCUMENT_NOT_ACCEPTED": _("Dokumen kedua anda tidak diterima di kawasan ini."),
    "BELOW_MINIMUM_AGE": _("Anda belum cukup umur untuk memegang Kad PSV atau Kad Pemandu."),
}
WAYS_OUT = {
    "NOT_CITIZEN": _(
        "Jika status yang anda pilih salah, betulkannya. Jika tidak, "
        "anda tidak boleh mencarum dalam skim ini."
    ),
    "PARTICULARS_MISSING": _("Lengkapkan maklumat anda."),
    "DOCUMENT_BEING_READ": _("Tunggu sebentar, kemudian cuba lagi."),
    "LICENCE_MISSING": _("Muat naik lesen memandu yang masih sah."),
    "LICENCE_EXPIRED": _("Perbaharui lesen di JPJ, kemudian muat naik lesen yang baharu."),
}
# Where no document would do: the driver is too young for all of them, or no rule is in force.
NO_DOCUMENT_COUNTS = _(
    "Tiada dokumen kedua diterima bagi perkhidmatan dan kawasan ini sekarang. Hubungi kami."
)
WAYS_OUT_WITHOUT_DOCUMENT = {
    "BELOW_MINIMUM_AGE": _("Tunggu sehingga anda cukup umur; tiada dokumen diterima sebelum itu."),
}


def age_on(birth_date: date, day: date) -> int:
    """Whole years; a birthday counts from its first moment, 29 February's from 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def birthday(birth_date: date, age: int) -> date:
    """The first day at which somebody is that old."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def offered(rules: Iterable[Rule], sector: str, region: str, on: date) -> tuple[Rule, ...]:
    """The rules that count on a day in a sector and region, those that need no officer first."""
    here = [
        rule
        for rule in rules
        if (rule.sector, rule.region) == (sector, region) and rule.is_in_force_on(on)
    ]
    return tuple(sorted(here, key=lambda rule: rule.refers))


def allowance(facts: Facts, rules: Iterable[Rule], on: date) -> str:
    """What an officer allows by allowing these facts: the region, and the kinds that refer."""
    kinds = {rule.kind for rule in _met(facts, rules, on) if rule.refers}
    return f"{facts.region}:{'+'.join(sorted(kinds))}"


def evaluate(facts: Facts, rules: Iterable[Rule], on: date) -> Verdict:
    """Runs the criteria of Act 789 and the guide's table of documents on a day in Malaysia."""
    rules = tuple(rules)
    met = _met(facts, rules, on)
    reasons = [*_reasons_of_the_person(facts, on)]
    if _is_second_awaited(facts, rules, on):
        reasons.append(Reason("DOCUMENT_BEING_READ"))
    elif not met:
        reasons += _reasons_of_the_second_document(facts, rules, on)
    if reasons:
        return Verdict(Outcome.NOT_ELIGIBLE, tuple(reasons))
    is_clear = any(not rule.refers or _is_allowed(facts, rule) for rule in met)
    outcome = Outcome.ELIGIBLE if is_clear else Outcome.REFER
    return Verdict(outcome, notes=tuple(_notes(facts, met)))


def _met(facts: Facts, rules: Iterable[Rule], on: date) -> list[Rule]:
    """The rules that one of the applicant's valid documents meets."""
    age = age_on(facts.birth_date, on)
    return [
        rule
        for rule in offered(rules, facts.sector, facts.region, on)
        if (rule.minimum_age or 0) <= age
        and any(document.is_valid_on(on) for document in facts.documents_of(rule.kind))
    ]


def _is_allowed(facts: Facts, rule: Rule) -> bool:
    region, _separator, kinds = facts.allowed_for.partition(":")
    return region == facts.region and rule.kind in kinds.split("+")


def _reasons_of_the_person(facts: Facts, on: date) -> Iterable[Reason]:
    if facts.citizenship == NEITHER:
        yield Reason("NOT_CITIZEN")
    if not facts.has_particulars:
        yield Reason("PARTICULARS_MISSING")
    licences = facts.documents_of(LICENCE)
    if LICENCE in facts.awaited:
        yield Reason("DOCUMENT_BEING_READ")
    elif not licences:
        yield Reason("LICENCE_MISSING", (LICENCE,))
    elif not any(licence.is_valid_on(on) for licence in licences):
        yield Reason(KINDS[LICENCE].expired, (LICENCE,))


def _is_second_awaited(facts: Facts, rules: tuple[Rule, ...], on: date) -> bool:
    here = offered(rules, facts.sector, facts.region, on)
    return any(rule.kind in facts.awaited for rule in here)


def _reasons_of_the_second_document(
    facts: Facts, rules: tuple[Rule, ...], on: date
) -> Iterable[Reason]:
    """Why none of what was sent counts; each names the kinds of which one would."""
    here = offered(rules, facts.sector, facts.region, on)
    age = age_on(facts.birth_date, on)
    open_kinds = tuple(rule.kind for rule in here if (rule.minimum_age or 0) <= age)
    if here and not open_kinds:
        youngest = min(rule.minimum_age or 0 for rule in here)
        yield Reason("BELOW_MINIMUM_AGE", from_date=birthday(facts.birth_date, youngest))
        return
    sent = [document for document in facts.documents if document.kind != LICENCE]
    codes = [_reason_against(document, facts, rules, on) for document in sent]
    for code in dict.fromkeys(codes or ["SECOND_DOCUMENT_MISSING"]):
        yield Reason(code, open_kinds)


def _reason_against(document: Document, facts: Facts, rules: tuple[Rule, ...], on: date) -> str:
    """The code of what keeps one document from counting."""
    here = offered(rules, facts.sector, facts.region, on)
    rule = next((rule for rule in here if rule.kind == document.kind), None)
    if rule is None:
        return _reason_against_kind(document.kind, facts, rules)
    if (rule.minimum_age or 0) > age_on(facts.birth_date, on):
        return "BELOW_MINIMUM_AGE"
    return KINDS[document.kind].expired


def _reason_against_kind(kind: str, facts: Facts, rules: tuple[Rule, ...]) -> str:
    if facts.sector == "bus":
        return "BUS_NEEDS_PSV"
    if kind == DRIVER_PROFILE:
        ever = any((rule.sector, rule.kind) == (facts.sector, kind) for rule in rules)
        return "PROFILE_NO_LONGER_ACCEPTED" if ever else "PROFILE_NOT_FOR_TAXI"
    return KINDS[kind].not_here


def _notes(facts: Facts, met: list[Rule]) -> Iterable[str]:
    # The scheme takes permanent residents, but JPJ may keep the PSV licence for citizens.
    if facts.citizenship == PERMANENT_RESIDENT and any(rule.kind == PSV_CARD for rule in met):
        yield "PERMANENT_RESIDENT_WITH_PSV"
