"""A running outside world, and a portal that only listens: what the sandbox's tests stand on."""

import itertools
import os
import re
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from sandbox.fpx import messages

ROOT = Path(__file__).parents[2]
DIRECT, INDIRECT = "/bayaran/fpx/langsung/", "/bayaran/fpx/kembali/"
SMS_KEY = "kunci-ujian"
EXCHANGE, SELLER = "EX00009999", "SE00009999"
_numbers = itertools.count(1)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def until(is_so: Callable[[], object], seconds: float = 5) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


class Keys:
    """The portal's view of the development keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seller = load_pem_private_key((folder / "seller.key").read_bytes(), None)
        self.wrong = load_pem_private_key((folder / "fpx_wrong.key").read_bytes(), None)
        certificate = (folder / "fpx" / "fpx_current.cer").read_bytes()
        self.exchange = load_pem_x509_certificate(certificate).public_key()


@dataclass
class Portal:
    """Records what the outside world sends; answers as told, `OK` by default."""

    port: int
    received: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def listen(self) -> ThreadingHTTPServer:
        portal = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                portal.received.append((self.path, messages.decode(raw.encode()), raw))
                answer = portal.answers.pop(0) if portal.answers else "OK"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *words: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Ear)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    def messages(self, path: str) -> list[dict[str, str]]:
        return [fields for where, fields, _ in self.received if where == path]

    @property
    def direct(self) -> list[dict[str, str]]:
        return self.messages(DIRECT)

    @property
    def indirect(self) -> list[dict[str, str]]:
        return self.messages(INDIRECT)


@dataclass
class World:
    """The outside world as its users meet it: a browser, a merchant's server, a sender of SMS."""

    port: int
    smtp_port: int
    sms_key: str
    keys: Keys
    session: requests.Session
    portal: Portal

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **options: object) -> requests.Response:
        return self.session.get(self.url + path, timeout=10, **options)

    def post(self, path: str, data: object = None, **options: object) -> requests.Response:
        return self.session.post(self.url + path, data=data, timeout=10, **options)

    # --- a merchant --------------------------------------------------------------------------
    def request(self, **changes: str) -> dict[str, str]:
        """A signed AR with numbers of its own; changes are named without `fpx_`."""
        number = f"T{next(_numbers):06d}{os.getpid()}"
        now = datetime.now(ZoneInfo("Asia/Kuala_Lumpur"))
        fields = dict.fromkeys(messages.REQUEST, "") | {
            "fpx_msgType": "AR",
            "fpx_msgToken": "01",
            "fpx_sellerExId": EXCHANGE,
            "fpx_sellerExOrderNo": number,
            "fpx_sellerTxnTime": f"{now:%Y%m%d%H%M%S}",
            "fpx_sellerOrderNo": f"P{number}",
            "fpx_sellerId": SELLER,
            "fpx_sellerBankCode": "01",
            "fpx_txnCurrency": "MYR",
            "fpx_txnAmount": "13.10",
            "fpx_buyerEmail": "aminah@example.com",
            "fpx_buyerBankId": "TEST0021",
            "fpx_productDesc": "Caruman SPS",
            "fpx_version": "7.0",
        }
        return self.signed(fields | {f"fpx_{name}": value for name, value in changes.items()})

    def signed(self, fields: dict[str, str]) -> dict[str, str]:
        return fields | {messages.CHECKSUM: messages.checksum(fields, self.keys.seller)}

    def enquire(self, request: dict[str, str], **changes: str) -> requests.Response:
        changed = {f"fpx_{name}": value for name, value in changes.items()}
        fields = self.signed(request | {"fpx_msgType": "AE"} | changed)
        return self.post("/FPXMain/sellerNVPTxnStatus.jsp", fields)

    def enquired(self, request: dict[str, str], **changes: str) -> dict[str, str]:
        """The answer to an enquiry, its signature checked."""
        answer = self.enquire(request, **changes)
        assert answer.text.startswith("\r\n\r\n")
        fields = messages.decode(answer.text.strip().encode())
        assert self.is_genuine(fields)
        return fields

    def is_genuine(self, fields: dict[str, str]) -> bool:
        return messages.is_signed_by(fields, self.keys.exchange)

    # --- a payer -----------------------------------------------------------------------------
    def choose(self, name: str, seconds: float | None = None) -> None:
        more = {} if seconds is None else {"seconds": seconds}
        assert self.post("/senario/", {"name": name, **more}).ok

    def arrive(self, request: dict[str, str]) -> requests.Response:
        return self.post("/FPXMain/seller2DReceiver.jsp", request)

    def log_in(self, request: dict[str, str]) -> requests.Response:
        """The confirmation page."""
        page = self.arrive(request)
        return self.session.post(page.url, {"CardNum": "1234", "HPin": "1234"}, timeout=10)

    def pay(self, request: dict[str, str]) -> requests.Response:
        """The page on which the bank lets go of the browser."""
        page = self.log_in(request)
        return self.session.post(page.url, timeout=10)

    def go_back(self, page: requests.Response) -> None:
        """Presses the button of the page that leads back to the merchant."""
        (url,) = re.findall(r'<form method="post" action="([^"]+)" data-goes-by-itself>', page.text)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
        fields = {name: unescape(value) for name, value in hidden}
        self.session.post(unescape(url), fields, timeout=10)

    # --- a sender of mail --------------------------------------------------------------------
    def send_mail(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as line:
            line.send_message(mail)


def start_sandbox(
    folder: Path, keys: Keys, sms_key: str, **more: str
) -> tuple[subprocess.Popen, int, int]:
    """Starts the program on ports of its own and waits until it answers."""
    port, smtp_port = free_port(), free_port()
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "SANDBOX_PORT": str(port),
        "SMTP_PORT": str(smtp_port),
        "SELLER_CERTIFICATE": str(keys.folder / "seller.cer"),
        "FPX_PRIVATE_KEY": str(keys.folder / "fpx.key"),
        "FPX_WRONG_KEY": str(keys.folder / "fpx_wrong.key"),
        "SMS_KEY": sms_key,
        # What a developer's shell may hold for the portal.
        "DJANGO_SETTINGS_MODULE": "perkeso.settings",
        **more,
    }
    with (folder / "sandbox.log").open("wb") as log:
        command = [sys.executable, "-m", "sandbox"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    until(lambda: process.poll() is not None or _answers(port), 30)
    assert process.poll() is None, (folder / "sandbox.log").read_text()
    return process, port, smtp_port


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
