"""What an upload costs the worker: a photo of twelve megapixels, read by a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from development.stack import ROOT
from registration import media

TIMES = 5
HEIC = ROOT / "tests" / "data" / "lesen-12mp.heic"
# The least that must be done: decode, shrink, encode.
BARE = """
import sys, pillow_heif
from PIL import Image
pillow_heif.register_heif_opener()
with Image.open(sys.argv[1]) as image:
    image.draft("RGB", (2000, 1500))
    image.thumbnail((2000, 2000))
    image.convert("RGB").save(sys.argv[2], "JPEG", quality=82)
"""
# Asked from outside, a process's peak would be that of whoever started it. Afterwards it can
# open nothing more.
METER = """
import os, re, runpy, sys
status = open("/proc/self/status")
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])
print(sum(os.times()[:2]), peak)
"""


def measure() -> Iterator[str]:
    """CPU and peak memory for a JPEG and a HEIC; the start of the process is part of both."""
    with tempfile.TemporaryDirectory() as folder:
        jpeg, made = Path(folder, "photo.jpg"), Path(folder, "made")
        grain = Image.effect_noise((2016, 1512), 60).resize((4032, 3024)).convert("RGB")
        grain.save(jpeg, "JPEG", quality=90)
        bare_program = Path(folder, "bare.py")
        bare_program.write_text(BARE)
        for name, sent in (("12 MP JPEG", jpeg), ("12 MP HEIC", HEIC)):
            ours, peak = _run(media.READER, sent, made)
            bare, bare_peak = _run(bare_program, sent, made)
            yield (
                f"upload, {name:<14} {ours:6.0f} ms CPU  {peak:4.0f} MB peak"
                f"   bare Pillow: {bare:.0f} ms, {bare_peak:.0f} MB, ratio {ours / bare:.2f}"
            )


def _run(program: Path, sent: Path, made: Path) -> tuple[float, float]:
    """Mean milliseconds of CPU and the highest memory in MB of a few runs."""
    used = [_usage(program, sent, made) for _number in range(TIMES)]
    return sum(cpu for cpu, _peak in used) / TIMES, max(peak for _cpu, peak in used)


def _usage(program: Path, sent: Path, made: Path) -> tuple[float, float]:
    command = [sys.executable, "-I", "-c", METER, str(program), str(sent), str(made)]
    done = subprocess.run(command, env={}, capture_output=True, check=True, text=True)
    seconds, kilobytes = done.stdout.splitlines()[-1].split()
    return 1000 * float(seconds), int(kilobytes) / 1024
