#!/bin/sh
# Pillow 13.0.0: ImageOps.exif_transpose fails with struct.error on a photo whose EXIF holds a
# signed rational below zero where the tag table expects an unsigned one: GPSAltitude -5/1. Reading
# works; it is the transposing that writes all of EXIF anew, GPS included, only to drop the
# orientation. And of XMP it sees tiff:Orientation in double quotes only: in single quotes, which
# mean the same in XML, the photo stays on its side.
# Seen:
#   altitude -5: read as -5.0, exif_transpose: error
#   XMP "6": (10, 20)
#   XMP '6': (20, 10)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "pillow==13.0.0"
cat > "$folder/try.py" <<'PYTHON'
import io
import struct

from PIL import Image, ImageOps

out = io.BytesIO()
Image.new("RGB", (20, 10)).save(out, "JPEG")
jpeg = out.getvalue()


def told(words):
    segment = b"\xff\xe1" + struct.pack(">H", len(words) + 2) + words
    return Image.open(io.BytesIO(jpeg[:2] + segment + jpeg[2:]))


ifd0 = struct.pack("<HHHLHHHHLLL", 2, 0x0112, 3, 1, 6, 0, 0x8825, 4, 1, 38, 0)
gps = struct.pack("<HHHLLLll", 1, 6, 10, 1, 56, 0, -5, 1)
photo = told(b"Exif\0\0II*\0" + struct.pack("<L", 8) + ifd0 + gps)
altitude = photo.getexif().get_ifd(0x8825)[6]
try:
    ImageOps.exif_transpose(photo)
    turned = "turned"
except struct.error:
    turned = "error"
print(f"altitude -5: read as {altitude}, exif_transpose: {turned}")
for quote in "\"'":
    xmp = f"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta tiff:Orientation={quote}6{quote}/>"
    print(f"XMP {quote}6{quote}:", ImageOps.exif_transpose(told(xmp.encode())).size)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" > "$folder/seen"
cat "$folder/seen"
sed -n 's/^#   //p' "$0" | diff - "$folder/seen"
