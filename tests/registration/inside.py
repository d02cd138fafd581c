"""The reader as it runs: a process of one kind of file, with its limits, forked for each file.

Started once for each kind, it has imported what that kind needs and nothing else, as the program
has that the worker starts: what a library would import or open late fails here as it fails there.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from registration import media
from registration.reader.made import Made, Unreadable
from registration.reader.reading import module_for

PROGRAM = """
import os, sys
sys.path[0:0] = [sys.argv[1]]
from registration.reader.__main__ import main
from importlib import import_module
import_module("registration.reader." + sys.argv[2])
for line in sys.stdin:
    child = os.fork()
    if not child:
        main(line.split())
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("{}", flush=True)
"""


class Inside:
    """A reader of each kind, started when it is first asked for."""

    def __init__(self, folder, stack: ExitStack):
        self.sent, self.made = folder / "sent", folder / "made"
        self.stack, self.readers = stack, {}

    def __call__(self, content) -> Made:
        """Our own version of what was sent; raises Unreadable."""
        self.sent.write_bytes(content)
        reader = self._reader(module_for(content[:1024]))
        reader.stdin.write(f"{self.sent} {self.made}\n")
        reader.stdin.flush()
        told = json.loads(reader.stdout.readline())
        if "sizes" not in told:
            raise Unreadable(told.get("refusal", "unreadable"))
        with self.made.open("rb") as parts:
            content, thumbnail, *pages = [parts.read(size) for size in told["sizes"]]
        return Made(told["media_type"], content, thumbnail, tuple(pages), tuple(told["hints"]))

    def _reader(self, kind):
        if kind not in self.readers:
            root = str(Path(media.READER).parents[1])
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", PROGRAM, root, kind],
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            self.readers[kind] = self.stack.enter_context(process)
            self.stack.callback(process.stdin.close)
        return self.readers[kind]
