#!/bin/sh
# pikepdf 10.18.0 (qpdf 12.4.2): opening an AES-256 PDF (R6, blank user password), which anybody may
# read, needs random numbers, and the wheel's qpdf gets them by opening /dev/urandom when it first
# needs them. In a process that may open nothing more (RLIMIT_NOFILE 0) a good file is so refused,
# with QpdfRuntimeError, which is no PdfError; AES-128 is read. Once used, the device stays open: a
# PDF encrypted before the limit is set makes the same file readable.
# Seen:
#   AES-128, cold: 1 page
#   AES-256, cold: QpdfRuntimeError unable to find device in /dev for generating random numbers
#   AES-256, warm: 1 page
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "pikepdf==10.18.0"
cat > "$folder/try.py" <<'PYTHON'
import io
import resource
import sys

import pikepdf


def locked(**how):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(user="", owner="x", **how))
    return out.getvalue()


if sys.argv[1] == "make":
    open(sys.argv[2], "wb").write(locked(R=4 if sys.argv[3] == "128" else 6))
    sys.exit()
content = open(sys.argv[2], "rb").read()
if sys.argv[1] == "warm":
    locked(R=6)
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
try:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        print(len(pdf.pages), "page")
except Exception as error:
    print(type(error).__name__, error)
PYTHON
python="$folder/venv/bin/python"
"$python" "$folder/try.py" make "$folder/128.pdf" 128
"$python" "$folder/try.py" make "$folder/256.pdf" 256
{
    echo "AES-128, cold: $("$python" "$folder/try.py" cold "$folder/128.pdf")"
    echo "AES-256, cold: $("$python" "$folder/try.py" cold "$folder/256.pdf")"
    echo "AES-256, warm: $("$python" "$folder/try.py" warm "$folder/256.pdf")"
} > "$folder/seen"
cat "$folder/seen"
sed -n 's/^#   //p' "$0" | diff - "$folder/seen"
