"""The list of proposals; the facts that they change are listed in their own apps."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation.admin import HistoryInline, ReadOnlyAdmin, column, moment_column
from foundation.proposals import Proposal, ProposalStatusChange


class HistoryOfProposal(HistoryInline):
    """Who decided a proposal, and when."""

    model = ProposalStatusChange


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Prices and rules to follow; a second officer decides on a page of its own."""

    list_display = [
        "kind",
        "effective_from",
        "decision_link",
        "status",
        "proposed_by",
        moment_column("proposed_at", _("Dicadangkan")),
        "decided_by",
        moment_column("decided_at", _("Diputuskan")),
    ]
    list_filter = ["status", "kind"]
    list_select_related = ["proposed_by", "decided_by"]
    fields = [*list_display, "about", "follows", "reason"]
    inlines = [HistoryOfProposal]

    @column(_("Keputusan"))
    def decision_link(self, proposal: Proposal) -> str:
        """The way to the decision."""
        url = reverse("admin:foundation_proposal_decide", args=[proposal.pk])
        words = _("Lihat")
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, proposal, words)
