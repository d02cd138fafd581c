"""What lies on the pages of a PDF: fields typed into, stamps, ink and notes, drawn onto them.

PDFium lays typed text out as its readers do: lines, combs, sizes that fit, alignment. qpdf's own
drawing cuts all but the first line off.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, String

# Not part of the page: where a press would lead, and windows that open by a press.
UNSEEN = {"/Link", "/Popup"}
# Without a look of their own PDFium gives one to these, and to fields.
DRAWN = {"/Circle", "/Highlight", "/Ink", "/Square", "/Squiggly", "/StrikeOut", "/Underline"}
DRAWN |= {"/Widget", "/FreeText"}
HIDDEN = 2 | 32  # of the flags: never shown, not shown on a screen
MULTILINE = 1 << 12
DYNAMIC = re.compile(rb"<dynamicRender>\s*required")


def is_dynamic_form(pdf: pikepdf.Pdf) -> bool:
    """True for a form that one viewer makes up as it goes: its page says "Please wait"."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or "/XFA" not in form:
        return False
    if pdf.Root.get("/NeedsRendering", False):
        return True
    parts = form.XFA if isinstance(form.XFA, Array) else [form.XFA]
    streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
    return any(DYNAMIC.search(stream.read_bytes()) for stream in streams)


def hints(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Advice when something of it will not be seen."""
    if any(not _can_be_drawn(one) for one in _seen(pdf)):
        yield "notes"


def dress(pdf: pikepdf.Pdf) -> bool:
    """Makes ready what PDFium shall draw; False when there is nothing on the pages."""
    seen = list(_seen(pdf))
    if not seen:
        return False
    if not isinstance(pdf.Root.get("/AcroForm"), Dictionary):
        pdf.Root.AcroForm = Dictionary()
    form = pdf.Root.AcroForm
    if not isinstance(form.get("/Fields"), Array):
        form.Fields = Array()
    if any("/AP" not in one for one in seen):
        form.NeedAppearances = True
    for one in seen:
        if one.get("/Subtype") == "/FreeText" and "/AP" not in one:
            _make_field(one)
            form.Fields.append(one)
    return True


def _make_field(note: pikepdf.Object) -> None:
    """PDFium has no drawing of a note's text, but one of a field's."""
    note.Subtype, note.FT, note.Ff = Name.Widget, Name.Tx, MULTILINE
    note.T = String(f"nota {note.objgen}")
    note.V = note.get("/Contents", String(""))


def flattened(content: bytes) -> bytes:
    """The same PDF with what lies on its pages made part of them."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(content) as pdf:
        pdf.init_forms()
        for page in pdf:
            page.flatten()
            page.close()
        pdf.save(out)
    return out.getvalue()


def _seen(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in pdf.pages:
        listed = page.get("/Annots")
        for one in listed if isinstance(listed, Array) else ():
            is_one = isinstance(one, Dictionary)
            if is_one and one.get("/Subtype") not in UNSEEN and not int(one.get("/F", 0)) & HIDDEN:
                yield one


def _can_be_drawn(one: pikepdf.Object) -> bool:
    """A sticky note's sign can be drawn, but its words stand behind it."""
    if one.get("/Subtype") == "/Text":
        return not str(one.get("/Contents", ""))
    return "/AP" in one or one.get("/Subtype") in DRAWN
