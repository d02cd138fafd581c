"""A clamd that speaks the real protocol: zINSTREAM, chunks with their lengths, an answer."""

import struct
import threading
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

# The test virus that every scanner knows; in two parts, so that no scanner minds this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(StreamRequestHandler):
    """Answers one stream, as clamd does; `server.answer` replaces what it would say."""

    def handle(self):
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0", command
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.seen.append(content)
        found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
        self.wfile.write((self.server.answer or b"stream: " + found) + b"\0")


@contextmanager
def running_clamd():
    """The server, its address in `url`, what it was sent in `seen`."""
    with ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.answer, server.seen = None, []
        server.url = f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
