#!/bin/sh
# WeasyPrint 70.0 (pydyf 0.13.0, read back with pikepdf 10.18.0): the /BBox of a tagged picture is
# written in CSS pixels from the top of the page, although a PDF counts points from its foot.
# A 40 x 40 px picture, 20 px from the upper left corner of a 400 x 400 px (300 x 300 pt) page, is
# drawn at [15 255 45 285] but tagged [20 20 60 60], a square at the foot of the page. With a
# picture low on an A4 page the box lies off the paper; veraPDF's PDF/UA-1 profile does not mind.
# Output seen: "drawn [15, 255, 45, 285] tagged [20, 20, 60, 60]"
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install --quiet weasyprint==70.0 pydyf==0.13.0 pikepdf==10.18.0 2>/dev/null
"$folder/v/bin/python" - <<'P'
import io

import pikepdf
from weasyprint import HTML

page = """<html lang="en"><title>t</title><style>@page { size: 400px 400px; margin: 20px }
body { margin: 0 } svg { display: block }</style>
<svg width="40" height="40" viewBox="0 0 1 1"><title>square</title><rect width="1" height="1"/></svg>"""
document = pikepdf.open(io.BytesIO(HTML(string=page).write_pdf(pdf_tags=True)))
figures = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
tagged = [round(float(one)) for one in figures[0].A.BBox]
drawn = [round(0.75 * one) for one in (20, 400 - 60, 60, 400 - 20)]
print("drawn", drawn, "tagged", tagged)
assert tagged == [20, 20, 60, 60] and drawn != tagged, "WeasyPrint places the box otherwise now"
P
