"""Real files, good and hostile, made in a moment."""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.factories import DATA

HEIC = (DATA / "lesen.heic").read_bytes()
PAPERS = DATA / "papers"  # made by hand with real tools; nobody's own
MEGABYTE = 1024 * 1024


def card(size=(1600, 1000), paper="#e8eefc"):
    """A picture of a card with print on it."""
    image = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=size[1] // 12)
    for line, words in enumerate(["LESEN MEMANDU", "AMINAH BINTI ALI", "SAH HINGGA 31/12/2030"]):
        draw.text((size[0] // 10, size[1] // 5 * (line + 1)), words, fill="#18181b", font=font)
    return image


def grainy(image):
    """The same as a cheap phone takes it in a dim room."""
    grain = Image.effect_noise(image.size, 15).convert(image.mode)
    return ImageChops.add(image, grain, offset=-128)


def picture(kind="JPEG", size=(1600, 1000), *, image=None, **options):
    """The bytes of a real picture."""
    out = io.BytesIO()
    (image or card(size)).save(out, kind, **options)
    return out.getvalue()


def photo_from_a_phone(**options):
    """Held on its side, with where it was taken: Orientation 6, GPS, maker and moment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "RahsiaPhone"
    exif[0x9003] = "2026:11:22 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (3.0, 8.0, 27.0), 3: "E", 4: (101.0, 41.0, 35.0)})
    return picture("JPEG", exif=exif, **options)


def paper(name):
    """A PDF as some tool really writes it."""
    return (PAPERS / f"{name}.pdf").read_bytes()


def told(jpeg, *segments):
    """The same JPEG with more segments at its head, each a marker and what it says."""
    said = b"".join(
        b"\xff" + bytes([marker]) + (len(words) + 2).to_bytes(2) + words
        for marker, words in segments
    )
    return jpeg[:2] + said + jpeg[2:]


def tiff(*entries, order="<", tail=b""):
    """An EXIF segment: tag, type, count and value of each entry, then what they point to."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8)
    listed = b"".join(struct.pack(f"{order}HHL", *entry[:3]) + entry[3] for entry in entries)
    count = struct.pack(f"{order}H", len(entries))
    return b"Exif\0\0" + head + count + listed + bytes(4) + tail


def below_the_sea():
    """EXIF of a Samsung in a valley: Orientation 6, and the GPS altitude is -5/1, signed."""
    where = struct.pack("<HHHL4s", 2, 5, 1, 1, b"\1") + struct.pack("<HHLL", 6, 10, 1, 68)
    return tiff(
        (0x0112, 3, 1, b"\6\0\0\0"),
        (0x8825, 4, 1, struct.pack("<L", 38)),
        tail=where + bytes(4) + struct.pack("<ll", -5, 1),
    )


def xmp(words):
    """An XMP segment that says these words of the picture."""
    return b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description " + words.encode()


def long_screenshot():
    """1080 x 9600 dots with a line of words every 60."""
    image = Image.new("RGB", (1080, 9600), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=42)
    for line in range(160):
        draw.text((60, 60 * line), f"Baris {line:03}: Profil Pemandu", fill="black", font=font)
    return picture("PNG", image=image)


def words_on_glass(kind="PNG"):
    """Black words on a ground that shows what lies behind it."""
    glass = Image.new("RGBA", (2400, 1500), (0, 0, 0, 0))
    glass.paste("black", (200, 200, 2200, 300))
    return picture(kind, image=glass)


def pdf(pages=1, *, dress=None, **options):
    """The bytes of a real PDF; `dress` may add to it."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        if dress:
            dress(document)
        document.save(out, **options)
    return out.getvalue()


def arm(document):
    """Gives a PDF everything that it could do besides being read."""
    script = Dictionary(S=Name.JavaScript, JS="app.alert('bom')")
    document.Root.OpenAction = script
    document.Root.AA = Dictionary(WC=script)
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
    document.attachments["percuma.exe"] = b"MZ jahat"
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(document, b"<xdp:xdp/>"))
    document.docinfo["/Author"] = "Chandran"
    page = document.pages[0]
    page.AA = Dictionary(O=script)
    launch = Dictionary(S=Name.Launch, F="calc.exe")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=launch)
    page.Annots = Array([document.make_indirect(link)])


def hide(document):
    """Puts files and facts where nobody looks for them: under names that are no PDF's."""
    page = document.pages[0]

    def carry(secret, **names):
        return Stream(document, secret, **names)

    document.Root.Rahsia = carry(b"bom satu", Type=Name.EmbeddedFile)
    document.Root.Requirements = Array([Dictionary(Type=Name.Requirement, V="bom dua")])
    document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P="bom tiga")]))
    document.Root.Pages.Rahsia = carry(b"bom empat")
    page.obj.Rahsia = carry(b"bom lima")
    page.obj.Thumb = carry(b"bom enam")
    look = carry(b"bom tujuh", Type=Name.EmbeddedFile)
    shown = carry(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    shown.LastModified = look
    shown.EF = Dictionary(F=carry(b"bom lapan"))
    unused = carry(b"bom sembilan", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    page.Resources = Dictionary(XObject=Dictionary(A=shown, B=unused))
    page.Contents = Stream(document, b"/A Do")


def scanned(photo, filters=(Name.DCTDecode,), **names):
    """A PDF whose one page is this JPEG, kept as `filters` say."""
    with Image.open(io.BytesIO(photo)) as image:
        width, height = image.size
    content = zlib.compress(photo) if Name.FlateDecode in filters else photo
    if Name.ASCIIHexDecode in filters:
        content = content.hex().encode() + b">"

    def write(document):
        picture = Stream(document, content, Type=Name.XObject, Subtype=Name.Image)
        picture.Filter = Array(filters) if len(filters) > 1 else filters[0]
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
        picture.ColorSpace = Name.DeviceRGB
        for name, value in names.items():
            picture[f"/{name}"] = value
        page = document.add_blank_page(page_size=(width, height))
        page.Resources = Dictionary(XObject=Dictionary(A=picture))
        page.Contents = Stream(document, f"{width} 0 0 {height} 0 0 cm /A Do".encode())

    return pdf(0, dress=write)


def letter(*pages, size=(595, 842)):
    """A PDF with words on each page, in a font that every reader has."""

    def write(document):
        look = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold"))
        font = document.make_indirect(look)
        for words in pages:
            page = document.add_blank_page(page_size=size)
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            written = f"BT /F1 48 Tf 36 {size[1] * 3 // 4} Td ({words}) Tj ET"
            page.Contents = Stream(document, written.encode())

    return pdf(0, dress=write)


def filled_form():
    """A PDF with a form that says AMINAH."""

    def fill(document):
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        look = Stream(document, b"BT /F1 12 Tf 2 5 Td (AMINAH) Tj ET")
        look.Type, look.Subtype = Name.XObject, Name.Form
        look.BBox = [0, 0, 99, 20]
        look.Resources = Dictionary(Font=Dictionary(F1=font))
        typed = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="nama", V="AMINAH")
        field = document.make_indirect(typed)
        field.Rect, field.AP, field.F = Array([10, 10, 109, 30]), Dictionary(N=look), 4
        document.pages[0].Annots = Array([field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]))

    return pdf(dress=fill)


def locked_pdf():
    """A PDF that asks for a password."""
    return pdf(encryption=pikepdf.Encryption(user="rahsia", owner="rahsia"))


def looping_pdf():
    """A PDF whose tree of pages is its own child."""
    whole = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    whole += b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
    return whole + b"trailer<</Root 1 0 R>>\n%%EOF"


def chunk(name, content):
    """One chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def bomb(side=20_000):
    """A real PNG of side x side black dots, a few KB of file."""
    header = struct.pack(">II5B", side, side, 1, 0, 0, 0, 0)
    squeeze = zlib.compressobj(1)
    row = b"\0" * (1 + side // 8)
    dots = b"".join(squeeze.compress(row * 100) for _part in range(side // 100)) + squeeze.flush()
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def zipped():
    """What a Word document is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()
