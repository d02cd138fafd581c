"""How every form of the portal looks: one base class, one renderer, one date field."""

from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from foundation.typed import plain
from foundation.wording import month_named


class PortalBoundField(BoundField):
    """A field that is described by its hint and its error, and says when it is wrong."""

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> Any:
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if self.errors:
            attrs["aria-invalid"] = "true"
        return attrs

    @property
    def data(self) -> Any:
        """What was typed, as it was meant; a password stays as it is, sign for sign."""
        value = super().data
        if isinstance(self.field.widget, forms.PasswordInput):
            return value
        if isinstance(value, list):
            return [plain(part) if isinstance(part, str) else part for part in value]
        return plain(value) if isinstance(value, str) else value

    @property
    def kind(self) -> str:
        """Which block of the field template draws it."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | DayMonthYearInput):
            return "group"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.FileInput):
            return "file"
        return "password" if isinstance(widget, forms.PasswordInput) else "input"

    @property
    def wrong_box(self) -> str:
        """The id of the first wrong box, where the error summary leads."""
        if isinstance(self.field, DayMonthYearField):
            return f"{self.auto_id}_{self.field.first_wrong(self.data)}"
        return self.id_for_label or self.auto_id


class PortalRenderer(TemplatesSetting):
    """Draws fields by templates/django/forms/field.html."""

    field_template_name = "django/forms/field.html"
    bound_field_class = PortalBoundField


class ShownAgain(MultiValueDict[str, str]):
    """What was typed and not taken, and by field what was wrong with it: message and code.

    A form that is bound to it shows both, checks nothing and is never valid.
    """

    def __init__(
        self, fields: list[tuple[str, str]], errors: dict[str, list[dict[str, str]]]
    ) -> None:
        super().__init__()
        self.errors = errors
        for name, value in fields:
            self.appendlist(name, value)


class PortalForm(forms.Form):
    """What every form derives from: checked on the server only, each error beside its field."""

    use_required_attribute = False
    is_sent = True  # by POST, with the id "borang"; what was typed can go into the other language

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def is_valid(self) -> bool:
        """False also for what is only shown again."""
        return super().is_valid() and not isinstance(self.data, ShownAgain)

    def full_clean(self) -> None:
        """Checks what was sent; what is shown again was checked when it was sent."""
        if not isinstance(self.data, ShownAgain):
            super().full_clean()
            return
        self.cleaned_data: dict[str, Any] = {}
        self._errors = ErrorDict(renderer=self.renderer)
        for name, wrong in self.data.errors.items():
            said = [forms.ValidationError(one["message"], one["code"]) for one in wrong]
            self._errors[name] = self.error_class(said, renderer=self.renderer)


@dataclass(frozen=True)
class CardLabel:
    """A radio's label with a line of sub-text below it."""

    words: str
    hint: str

    def __str__(self) -> str:
        return f"{self.words} · {self.hint}"


class DayMonthYearInput(forms.MultiWidget):
    """Three boxes for a day: hari, bulan, tahun."""

    template_name = "django/forms/widgets/day_month_year.html"
    parts = [("day", _("Hari")), ("month", _("Bulan")), ("year", _("Tahun"))]

    def __init__(self, attrs: Any = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            for name, _label in self.parts
        }
        super().__init__(boxes, attrs)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, (_name, label) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            box["label"] = label
        return context

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


def _stripped(parts: list[str | None]) -> list[str]:
    return [str(part or "").strip() for part in parts]


class DayMonthYearField(forms.MultiValueField):
    """A day typed in three boxes, its month as a number or a name; codes `required`, `invalid`."""

    widget = DayMonthYearInput
    default_error_messages = {
        "required": _("Masukkan tarikh"),
        "invalid": _("Tarikh mesti tarikh yang sah"),
    }
    bounds = (31, 12, MAXYEAR)

    def __init__(self, **kwargs: Any) -> None:
        boxes = tuple(forms.CharField(required=False, max_length=6) for _part in range(3))
        kwargs.setdefault("require_all_fields", False)
        super().__init__(boxes, **kwargs)

    def clean(self, value: Any) -> date | None:
        typed = _stripped(value or ["", "", ""])
        if not any(typed):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        return self.compress(typed)

    def compress(self, data_list: list[str]) -> date:
        day_typed, month_typed, year_typed = data_list
        data_list = [day_typed, month_named(month_typed) or month_typed, year_typed]
        if not all(part.isascii() and part.isdecimal() for part in data_list):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            day, month, year = (int(part) for part in data_list)
            return date(year, month, day)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def first_wrong(self, typed: list[str | None]) -> int:
        """Which of the three boxes is empty or can never be right; else the first."""
        day, month, year = _stripped(typed)
        parts = (day, month_named(month) or month, year)
        for place, (part, largest) in enumerate(zip(parts, self.bounds, strict=True)):
            is_number = part.isascii() and part.isdecimal() and len(part) < 7
            if not is_number or not 1 <= int(part) <= largest:
                return place
        return 0
