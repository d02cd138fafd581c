"""How a service says no."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """What was asked for is not done; its text may be shown to whoever asked.

    A subclass is named after the fact and states its `words`, which are put into the reader's
    language when it is raised; one that carries facts has an `__init__` of its own.
    """

    words: str | Promise = ""

    def __init__(self, words: str = "") -> None:
        super().__init__(words or str(self.words))


class SameOfficer(Refusal):
    """Whoever asked for something that takes two officers does not decide it."""

    words = _("Pegawai lain mesti memutuskan apa yang anda minta.")
