"""The kinds of supporting document: one table of all that the portal knows of a kind.

To add one: a row here, its member of `DocumentKind` and a migration of that choice. Where it counts
is loaded as rows of `DocumentRule`, which officers then end and follow by others.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LICENCE = "lesen"
PSV_CARD = "psv"
DRIVER_CARD = "kad-pemandu"
AUTHORISATION_LETTER = "surat-kebenaran"
DRIVER_PROFILE = "profil-pemandu"

_PSV_MINIMUM_AGE = 21  # of the PSV licence and the driver card; Act 789 has no age limit
_PROFILE_VALID_TO = date(2019, 7, 11)  # the guide: "sah sehingga 11 Julai 2019 sahaja"


@dataclass(frozen=True)
class Counts:
    """In which sectors and regions a kind counts; `refers`: an officer looks first."""

    sectors: tuple[str, ...]
    regions: tuple[str, ...]
    refers: bool = False
    valid_to: date | None = None
    minimum_age: int | None = None


@dataclass(frozen=True)
class Kind:
    """One kind, in the words of the pages.

    `name` stands inside a sentence, `short` where the sentence is long. `expired` and `not_here`
    are the stable codes of the reasons against it.
    """

    code: str
    label: str | Promise
    name: str | Promise
    number: str | Promise
    expired: str
    expired_sentence: str | Promise
    counts: tuple[Counts, ...] = ()
    short: str | Promise = ""
    not_here: str = "DOCUMENT_NOT_ACCEPTED"


_CARS = ("taxi", "e_hailing")
_EVERYWHERE = ("peninsular", "sabah", "sarawak", "labuan")
# A card without a letter in Sabah and Sarawak is not refused: an officer looks first.
_CARD_COUNTS = (
    Counts(_CARS, ("peninsular", "labuan"), minimum_age=_PSV_MINIMUM_AGE),
    Counts(_CARS, ("sabah", "sarawak"), refers=True, minimum_age=_PSV_MINIMUM_AGE),
)

# In the order in which they are offered.
_TABLE = (
    Kind(
        code=LICENCE,  # needed by all, so it has no rule
        label=_("Lesen memandu"),
        name=_("lesen memandu"),
        short=_("lesen"),
        number=_("Nombor lesen"),
        expired="LICENCE_EXPIRED",
        expired_sentence=_("Lesen memandu anda sudah tamat tempoh."),
    ),
    Kind(
        code=AUTHORISATION_LETTER,
        label=_("Surat kebenaran"),
        name=_("surat kebenaran"),
        number=_("Nombor rujukan surat"),
        expired="LETTER_EXPIRED",
        expired_sentence=_("Surat kebenaran anda sudah tamat tempoh."),
        not_here="LETTER_NOT_FOR_REGION",
        counts=(Counts(_CARS, ("sabah", "sarawak", "labuan")),),
    ),
    Kind(
        code=PSV_CARD,
        label=_("Kad PSV"),
        name=_("Kad PSV"),
        number=_("Nombor Kad PSV"),
        expired="PSV_EXPIRED",
        expired_sentence=_("Kad PSV anda sudah tamat tempoh."),
        counts=(Counts(("bus",), _EVERYWHERE, minimum_age=_PSV_MINIMUM_AGE), *_CARD_COUNTS),
    ),
    Kind(
        code=DRIVER_CARD,
        label=_("Kad Pemandu"),
        name=_("Kad Pemandu"),
        number=_("Nombor Kad Pemandu"),
        expired="DRIVER_CARD_EXPIRED",
        expired_sentence=_("Kad Pemandu anda sudah tamat tempoh."),
        counts=_CARD_COUNTS,
    ),
    Kind(
        code=DRIVER_PROFILE,
        label=_("Profil Pemandu"),
        name=_("Profil Pemandu"),
        number=_("Nombor pemandu"),
        expired="PROFILE_EXPIRED",
        expired_sentence=_("Profil Pemandu anda sudah tamat tempoh."),
        counts=(Counts(("e_hailing",), _EVERYWHERE, valid_to=_PROFILE_VALID_TO),),
    ),
)
KINDS = {kind.code: kind for kind in _TABLE}
