"""Prices and document rules at the desk: one administrator proposes, another lets it follow."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import UserRequest, posted
from foundation import proposals
from foundation.proposals import Proposal
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import local
from staff.pages import desk_page
from staff.proposals import FACTS, Fact

PAGE = "admin:foundation_proposal_decide"


@desk_page(
    "contributions/planrate/cadang/",
    name="contributions_planrate_propose",
    permission="foundation.add_proposal",
)
def propose_rate(request: UserRequest) -> HttpResponse:
    """Another price or other insured earnings of a plan, from a day to come."""
    return _propose(request, Proposal.Kind.PLAN_RATE)


@desk_page(
    "registration/documentrule/cadang/",
    name="registration_documentrule_propose",
    permission="foundation.add_proposal",
)
def propose_rule(request: UserRequest) -> HttpResponse:
    """What a kind of document does in a sector and region, from a day to come."""
    return _propose(request, Proposal.Kind.DOCUMENT_RULE)


def _propose(request: UserRequest, kind: Proposal.Kind) -> HttpResponse:
    fact, at = FACTS[kind], timezone.now()
    chosen = {name: request.GET.get(name) for name in fact.form.ABOUT}
    form = fact.form(posted(request), today=local(at).date(), initial=chosen)
    if form.is_valid():
        try:
            proposals.propose(
                kind=kind,
                about=form.about,
                follows=form.follows,
                effective_from=form.cleaned_data["effective_from"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Perubahan dicadangkan. Pegawai lain akan memutuskannya."))
            return redirect("admin:foundation_proposal_changelist")
    return _page(request, "propose", fact, title=fact.title, form=form)


@desk_page(
    "foundation/proposal/<int:pk>/putuskan/",
    name="foundation_proposal_decide",
    permission="foundation.change_proposal",
    fresh_digits=True,
)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """What holds and what would follow side by side, and whom it touches."""
    rows = Proposal.objects.select_related("proposed_by", "decided_by")
    proposal = get_object_or_404(rows, pk=pk)
    fact = FACTS[Proposal.Kind(proposal.kind)]
    if request.method == "POST":
        return _decide(request, proposal, fact)
    return _page(
        request,
        "decide",
        fact,
        title=_("Putuskan perubahan"),
        proposal=proposal,
        about=_named(fact, proposal.about),
        values=_side_by_side(fact, proposal),
        effect=fact.effect(proposal.about),
    )


def _decide(request: UserRequest, proposal: Proposal, fact: Fact) -> HttpResponse:
    at = timezone.now()
    try:
        if request.POST.get("decision") == Proposal.Status.APPROVED:
            proposals.approve(
                proposal=proposal,
                before=fact.before(proposal),
                enact=lambda: fact.enact(proposal, at),
                by=request.user,
                at=at,
            )
        else:
            proposals.refuse(proposal=proposal, by=request.user, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    except (ForbiddenMove, StaleStatus):
        messages.error(request, _("Pegawai lain telah memutuskan perubahan ini."))
    else:
        messages.success(request, _("Keputusan disimpan."))
    return redirect(PAGE, proposal.pk)


def _named(fact: Fact, values: Any) -> list[tuple[Any, Any]]:
    """Labels and words of what is kept, as the form that it was typed into has them."""
    form = fact.form(today=local(timezone.now()).date())
    return [(form.fields[name].label, _shown(form, name, values)) for name in fact.form.ABOUT]


def _side_by_side(fact: Fact, proposal: Proposal) -> list[tuple[Any, Any, Any]]:
    """Label, what holds until the day before, what follows."""
    form = fact.form(today=local(timezone.now()).date())
    before, after = fact.before(proposal) or {}, proposal.follows or {}
    return [
        (form.fields[name].label, _shown(form, name, before), _shown(form, name, after))
        for name in fact.form.FOLLOWS
        if name in before or name in after
    ]


def _shown(form: Any, name: str, values: Any) -> Any:
    value = values.get(name, "–")
    named = {str(key): words for key, words in getattr(form.fields[name], "choices", [])}
    return named.get(str(value), value)


def _page(request: UserRequest, name: str, fact: Fact, **context: Any) -> HttpResponse:
    shared = {**admin.site.each_context(request), "fact": fact}
    return render(request, f"admin/foundation/proposal/{name}.html", shared | context)
