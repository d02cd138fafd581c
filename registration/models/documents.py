"""Supporting documents: what was uploaded, what became of the file, whether it counts."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.encryption import EncryptedTextField
from foundation.states import StatusChange, Transitions
from foundation.wording import masked_ic
from registration import eligibility
from registration.models.choices import OF_A_DOCUMENT, DocumentKind, Reason

if TYPE_CHECKING:
    from accounts.models import User


# The same as `SupportingDocument.READABLE`, for constraints inside the class.
_READABLE = ["quarantined", "ready"]
JPEG, PDF = "image/jpeg", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PDF: "pdf"}
_UNATTACHED = ["received", "refused"]


def new_file_key() -> str:
    """Where a file will lie: random, so that a path tells nothing and never collides."""
    key = uuid.uuid4().hex
    return f"documents/{key[:2]}/{key}"


class DocumentQuerySet(models.QuerySet["SupportingDocument"]):
    """Filters over supporting documents."""

    def for_user(self, user: "User") -> "DocumentQuerySet":
        """Their own: the only way that pages and files fetch documents."""
        return self.filter(registration__user=user)

    def live(self) -> "DocumentQuerySet":
        """Those attached that no newer one has superseded."""
        return self.filter(attached_at__isnull=False, superseded_at=None)

    def unattached(self) -> "DocumentQuerySet":
        """Being read, refused, or without number and expiry."""
        return self.filter(attached_at=None)

    def untouched_since(self, before: datetime) -> "DocumentQuerySet":
        """Those sent before, of registrations that nobody has worked on since."""
        return self.filter(uploaded_at__lt=before, registration__chosen_at__lt=before)

    def shown(self) -> "DocumentQuerySet":
        """Those with our own version of the file, which alone is ever shown."""
        return self.filter(status__in=SupportingDocument.READABLE)


class SupportingDocument(models.Model):
    """One uploaded file of one kind, with its number and expiry; never overwritten.

    `original` is what was sent. It is kept only until it is judged, and no page shows it; `file` is
    our own version of it, with a `thumbnail`, and a picture of each of its `pages` if it is a PDF.
    The document waits until the file is good and number and expiry are typed; then it is attached,
    and supersedes the one of its kind, which stays for the record.
    """

    class Status(models.TextChoices):
        """What is known of the file."""

        RECEIVED = "received", _("Sedang diproses")
        QUARANTINED = "quarantined", _("Menunggu imbasan virus")
        READY = "ready", _("Sedia")
        REFUSED = "refused", _("Tidak diterima")
        INFECTED = "infected", _("Mengandungi virus")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.RECEIVED: {Status.QUARANTINED, Status.READY, Status.REFUSED},
        Status.QUARANTINED: {Status.READY, Status.INFECTED},
        Status.READY: set(),
        Status.REFUSED: set(),
        Status.INFECTED: set(),
    }
    READABLE = frozenset({Status.QUARANTINED, Status.READY})

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        "registration.Registration", models.CASCADE, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = EncryptedTextField(blank=True)  # of a licence it is the IC number
    expiry_date = models.DateField(null=True, blank=True)

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    refusal = models.CharField(max_length=20, blank=True)
    hints = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    original = models.FileField(max_length=120, blank=True)
    file = models.FileField(max_length=120, blank=True)
    thumbnail = models.FileField(max_length=120, blank=True)
    pages = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Where the drawn pages of a PDF lie: JPEG, in order.",
    )
    original_name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(help_text="Bytes, of thumbnail and drawn pages too.")
    uploaded_at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(attached_at__isnull=False, superseded_at=None),
                name="document_live_once_per_kind",
            ),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(attached_at=None),
                name="document_waits_once_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(attached_at=None)
                | (Q(expiry_date__isnull=False) & ~Q(number="") & ~Q(status__in=_UNATTACHED)),
                name="document_whole_when_attached",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(attached_at__isnull=False),
                name="document_superseded_when_attached",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=_READABLE) & ~Q(file=""))
                | (~Q(status__in=_READABLE) & Q(file="")),
                name="document_file_when_readable",
            ),
            models.CheckConstraint(
                condition=Q(pages=[]) | (Q(media_type=PDF) & ~Q(file="")),
                name="document_pages_of_a_pdf",
            ),
            models.CheckConstraint(
                condition=Q(thumbnail="") | ~Q(file=""), name="document_thumbnail_of_a_file"
            ),
            models.CheckConstraint(
                condition=(Q(status="refused") & ~Q(refusal=""))
                | (~Q(status="refused") & Q(refusal="")),
                name="document_refusal_when_refused",
            ),
        ]
        # A live one whose number is mended is copied, and the copy begins where it stands.
        triggers = triggers.life_cycle(*_READABLE)

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def shown_number(self) -> str:
        """The number as staff see it: masked if it is, or holds, its owner's IC number."""
        ic_number = self.registration.user.ic_number
        digits = "".join(filter(str.isdigit, self.number))
        return masked_ic(ic_number) if ic_number and ic_number in digits else self.number

    @property
    def file_name(self) -> str:
        """What our own version is called when it is kept; the uploader's name may end in .html."""
        return f"{self.kind}.{EXTENSIONS[self.media_type]}"

    @property
    def pictures(self) -> list[str]:
        """Where the pictures lie that an officer looks at: the photo, or each page of the PDF."""
        return [str(self.file.name)] if self.media_type == JPEG else self.pages

    @property
    def stored_names(self) -> list[str]:
        """Where all that we store of it lies."""
        return [str(name) for name in (self.original.name, *self.shown_names) if name]

    @property
    def shown_names(self) -> list[str]:
        """Where our own version lies, with the pictures made of it."""
        names = [self.file.name, self.thumbnail.name, *self.pages]
        return [str(name) for name in names if name]

    @property
    def is_readable(self) -> bool:
        return self.status in self.READABLE

    @property
    def is_good(self) -> bool:
        """True when nothing speaks against the file, as far as it has been read."""
        return self.is_readable or self.status == self.Status.RECEIVED

    @property
    def is_complete(self) -> bool:
        """True when number and expiry are typed."""
        return bool(self.number) and self.expiry_date is not None

    @property
    def is_awaited(self) -> bool:
        """True when nothing is missing but the worker's word on the file."""
        return self.status == self.Status.RECEIVED and self.is_complete

    @property
    def returned_for(self) -> str:
        """Why an officer wants it again; told of `Registration.present_documents` alone."""
        return str(getattr(self, "why_returned", ""))

    @property
    def needs_picture(self) -> bool:
        """True when it was returned for its picture: the file is to be sent again."""
        return self.returned_for in OF_A_DOCUMENT

    @property
    def returned_words(self) -> str:
        return str(Reason(self.returned_for).label)

    def is_valid_on(self, day: date) -> bool:
        """True through the end of its expiry day in Malaysia."""
        return self.expiry_date is not None and self.expiry_date >= day

    def as_fact(self) -> eligibility.Document:
        """The document as the rules see it."""
        assert self.expiry_date is not None, "only attached documents are facts"
        return eligibility.Document(self.kind, self.expiry_date)

    @property
    def _replaced(self) -> Q:
        """Which live ones it takes the place of.

        A second document takes the place of one that was returned, of whichever kind. Where an
        officer found a wrong document, such as a goods licence sent as a PSV card, and named none,
        what was sent before as the second document counts no longer.
        """
        registration, of_its_kind = self.registration, Q(kind=self.kind)
        if self.kind == DocumentKind.DRIVING_LICENCE:
            return of_its_kind
        is_second = ~Q(kind=DocumentKind.DRIVING_LICENCE)
        if registration.status != registration.Status.RETURNED:
            return of_its_kind
        at = registration.decided_at or self.uploaded_at
        if named := registration.documents.filter(returns__change__at=at):
            return of_its_kind | is_second & Q(pk__in=[one.pk for one in named])
        if registration.reason != registration.Reason.WRONG_DOCUMENT:
            return of_its_kind
        return of_its_kind | is_second & Q(attached_at__lt=at)

    def attach(self, *, at: datetime) -> None:
        """Takes the place of the live one of its kind; an officer then looks at it anew."""
        mine = SupportingDocument.objects.filter(registration_id=self.registration_id)
        mine.live().filter(self._replaced).update(superseded_at=at)
        self.attached_at = at
        self.save()
        self.registration.changed_at = at
        self.registration.save(update_fields=["changed_at"])


class DocumentStatusChange(StatusChange):
    """History of one document's file."""

    document = models.ForeignKey(SupportingDocument, models.CASCADE, related_name="status_changes")

    class Meta(StatusChange.Meta):
        # A file that never counted goes, with its history.
        triggers = triggers.kept_as_long_as("registration_supportingdocument", "document_id")
