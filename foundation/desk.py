"""What holds for every list of officers, whatever its rows are."""

import re
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest  # noqa: TID251 (an edge)
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

_ROW_NUMBER = re.compile(r"[0-9]{1,18}")


class DeskList(ChangeList):
    """A list that takes the look-ups of its own filters, and no other.

    Django's lists take a look-up of any column, shown or not: whoever may ask whether a hidden
    value begins with "a" reads all of it, letter by letter.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        if unknown := found[2]:  # what no filter took
            raise DisallowedModelAdminLookup(f"No filter takes {', '.join(sorted(unknown))}")
        return found


def proposing(request: HttpRequest, columns: Any, of: str, about: tuple[str, ...]) -> Any:
    """The columns, and for whoever may propose what follows a fact the way to that page."""
    if not request.user.has_perm("foundation.add_proposal"):
        return columns

    @admin.display(description=_("Perubahan"))
    def propose_link(row: Any) -> str:
        chosen = urlencode({name: getattr(row, name) for name in about})
        words = _("Cadangkan")
        url = f"{reverse(f'admin:{of}_propose')}?{chosen}"
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, row, words)

    return [*columns, propose_link]


class DeskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What holds for every model at the desk."""

    # Django's stubs know no callables in either.
    list_display: Any = ["__str__"]
    fields: ClassVar[Any] = None
    show_full_result_count = False
    actions: Any = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeskList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any) -> Any:
        """Acts on chosen rows; what is no row's number never comes from a page of ours."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(_ROW_NUMBER.fullmatch(one) for one in chosen):
            raise BadRequest("no number of a row")
        return super().response_action(request, queryset, *where)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Django looks for a column of no name when the address ends in "?_to_field="."""
        return super().get_object(request, object_id, from_field or None)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """A row is named by its key only, never by a column that is to be guessed."""
        return to_field == self.opts.pk.name
