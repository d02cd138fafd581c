"""In which role somebody uses the portal: chosen at every log-in, kept in the session."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.forms import PortalForm


class Mode(models.TextChoices):
    """The modes that this site serves."""

    SELF_EMPLOYED = "self_employed", _("Saya bekerja sendiri")


class ChooseModeForm(PortalForm):
    """Which button was pressed."""

    mode = forms.ChoiceField(
        choices=Mode.choices,
        error_messages={"required": _("Pilih mod anda"), "invalid_choice": _("Pilih mod anda")},
    )
