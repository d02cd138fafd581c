"""What a driver chooses from: sector, region, state, kind of document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.kinds import (
    AUTHORISATION_LETTER,
    DRIVER_CARD,
    DRIVER_PROFILE,
    KINDS,
    LICENCE,
    PSV_CARD,
)


class Sector(models.TextChoices):
    """The self-employment activity; each is registered and paid for by itself (Act 789, s. 11)."""

    TAXI = "taxi", _("Teksi")
    E_HAILING = "e_hailing", _("E-hailing")
    BUS = "bus", _("Bas")


class Region(models.TextChoices):
    """Where the driver works; it decides which second document counts."""

    PENINSULAR = "peninsular", _("Semenanjung Malaysia")
    SABAH = "sabah", _("Sabah")
    SARAWAK = "sarawak", _("Sarawak")
    LABUAN = "labuan", _("Labuan")


class State(models.TextChoices):
    """The states and federal territories, as addresses name them."""

    JOHOR = "johor", _("Johor")
    KEDAH = "kedah", _("Kedah")
    KELANTAN = "kelantan", _("Kelantan")
    MELAKA = "melaka", _("Melaka")
    NEGERI_SEMBILAN = "negeri_sembilan", _("Negeri Sembilan")
    PAHANG = "pahang", _("Pahang")
    PERAK = "perak", _("Perak")
    PERLIS = "perlis", _("Perlis")
    PULAU_PINANG = "pulau_pinang", _("Pulau Pinang")
    SABAH = "sabah", _("Sabah")
    SARAWAK = "sarawak", _("Sarawak")
    SELANGOR = "selangor", _("Selangor")
    TERENGGANU = "terengganu", _("Terengganu")
    KUALA_LUMPUR = "kuala_lumpur", _("W.P. Kuala Lumpur")
    LABUAN = "labuan", _("W.P. Labuan")
    PUTRAJAYA = "putrajaya", _("W.P. Putrajaya")


class Reason(models.TextChoices):
    """Why an officer returned or rejected, as the applicant reads it."""

    BLURRED = "blurred", _("Gambar kabur atau tidak dapat dibaca")
    CROPPED = "cropped", _("Sebahagian dokumen tidak kelihatan")
    EXPIRED = "expired", _("Dokumen telah tamat tempoh")
    MISMATCH = "mismatch", _("Nama atau nombor kad pengenalan tidak sepadan")
    WRONG_DOCUMENT = "wrong_document", _("Dokumen yang salah dimuat naik")
    OTHER = "other", _("Sebab lain")


# What is true of one document and not of another; a mismatch may be of the account.
OF_A_DOCUMENT = frozenset(set(Reason) - {Reason.MISMATCH, Reason.OTHER})


class DocumentKind(models.TextChoices):
    """The kinds of supporting document that the scheme knows; `registration.kinds` says more."""

    DRIVING_LICENCE = LICENCE, KINDS[LICENCE].label
    PSV_CARD = PSV_CARD, KINDS[PSV_CARD].label
    DRIVER_CARD = DRIVER_CARD, KINDS[DRIVER_CARD].label
    AUTHORISATION_LETTER = AUTHORISATION_LETTER, KINDS[AUTHORISATION_LETTER].label
    DRIVER_PROFILE = DRIVER_PROFILE, KINDS[DRIVER_PROFILE].label
