"""Where an applicant stands: the documents needed and the next step, derived and never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registration.eligibility import (
    Document,
    Facts,
    Outcome,
    Rule,
    Verdict,
    age_on,
    evaluate,
    offered,
)
from registration.kinds import LICENCE


@dataclass(frozen=True)
class Alternative:
    """A kind of document that would do; `refers` when an officer must then look first."""

    kind: str
    refers: bool = False


@dataclass(frozen=True)
class Need:
    """A document to send: the kinds that would do, what was sent of them, what is being read."""

    alternatives: tuple[Alternative, ...]
    sent: tuple[Document, ...]
    on: date
    awaited: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that would do, those that need no officer first."""
        return tuple(alternative.kind for alternative in self.alternatives)

    @property
    def is_met(self) -> bool:
        """True when a document was sent that counts on the day, and no newer one is being read."""
        return not self.awaited and any(document.is_valid_on(self.on) for document in self.sent)

    @property
    def has_expired(self) -> bool:
        """True when all that was sent counts no longer."""
        return bool(self.sent) and not self.awaited and not self.is_met


class Step(StrEnum):
    """What there is to do next before the plan."""

    PARTICULARS = "particulars"
    DOCUMENT = "document"
    STOP = "stop"
    ASK_OFFICER = "ask_officer"
    PLAN = "plan"


@dataclass(frozen=True)
class Assessment:
    """The documents needed, the rules' verdict, and so the next step."""

    needs: tuple[Need, ...]
    verdict: Verdict
    has_particulars: bool

    @property
    def kinds(self) -> set[str]:
        """The kinds that are asked for; whoever changed their sector may have sent others."""
        return {kind for need in self.needs for kind in need.kinds}

    @property
    def missing(self) -> Need | None:
        """The first document that is not there or has expired."""
        return next((need for need in self.needs if not need.is_met), None)

    @property
    def next_step(self) -> Step:
        """What to do next; STOP when nothing that the applicant sends would help."""
        if not self.has_particulars:
            return Step.PARTICULARS
        if self.verdict.is_final:
            return Step.STOP
        if self.missing is not None:
            return Step.DOCUMENT if self.missing.kinds else Step.STOP
        refers = self.verdict.outcome == Outcome.REFER
        return Step.ASK_OFFICER if refers else Step.PLAN


def assess(facts: Facts, rules: Iterable[Rule], on: date) -> Assessment:
    """Holds the facts against the rules on a day in Malaysia."""
    rules = tuple(rules)
    return Assessment(
        needs=(
            _need((Alternative(LICENCE),), facts, on),
            _need(_second(facts, rules, on), facts, on),
        ),
        verdict=evaluate(facts, rules, on),
        has_particulars=facts.has_particulars,
    )


def _second(facts: Facts, rules: tuple[Rule, ...], on: date) -> tuple[Alternative, ...]:
    """The alternatives to the second document; those they are too young for are left out."""
    age = age_on(facts.birth_date, on)
    return tuple(
        Alternative(rule.kind, rule.refers)
        for rule in offered(rules, facts.sector, facts.region, on)
        if (rule.minimum_age or 0) <= age
    )


def _need(alternatives: tuple[Alternative, ...], facts: Facts, on: date) -> Need:
    kinds = {alternative.kind for alternative in alternatives}
    sent = tuple(document for document in facts.documents if document.kind in kinds)
    awaited = tuple(kind for kind in facts.awaited if kind in kinds)
    return Need(alternatives, sent, on, awaited)
