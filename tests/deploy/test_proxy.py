"""The proxy's own files, run here before a web server of ours: what it takes off the portal."""

import os
import socket
import ssl
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command

from development.keys import make_certificate
from development.nginx import program
from development.processes import Program
from development.slow_clients import PATIENCE_SECONDS, measured, slow_clients
from development.variables import ROOT

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

PROXY = ROOT / "deploy" / "proxy"
DAY = timedelta(days=1)
# Those that ask no database: the web server has an empty one here.
PAGES = ["/log-masuk/", "/static/icon.svg"]


def free_ports(count):
    """Ports that nobody listens on."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _port in range(count)]
    numbers = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return numbers


def configure(folder, web, redirect, tls, plain):
    """The files of `deploy/proxy`, where only places are changed; and one plain door besides."""
    (folder / "secrets").mkdir()
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "secrets" / "tls_key").write_bytes(pem)
    certificate = make_certificate(key, "localhost", valid_from=now - DAY, valid_to=now + DAY)
    (folder / "secrets" / "tls_certificate").write_bytes(certificate)
    call_command("write_error_pages", folder / "pages")
    places = {
        " /tmp/": f" {folder}/",
        "/run/secrets": str(folder / "secrets"),
        "/srv/pages": str(folder / "pages"),
        "/dev/stdout": str(folder / "access.log"),
        "/dev/stderr": str(folder / "error.log"),
        "web:8000": f"127.0.0.1:{web}",
        "listen [::]": "#",
        "8080": f"127.0.0.1:{redirect}",
        "8443": f"127.0.0.1:{tls}",
    }
    for file in PROXY.glob("*.conf"):
        text = file.read_text()
        for ours, here in places.items():
            text = text.replace(ours, here)
        (folder / file.name).write_text(text)
    whole = (folder / "nginx.conf").read_text().rstrip().removesuffix("}")
    door = f"server {{ listen 127.0.0.1:{plain}; include locations.conf; }}"
    # Its children could not read a folder of root's.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"{user}{whole}{door}\n}}\n")


def is_open(number):
    """True when somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", number), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(name, command, folder, number, **environment):
    """A program that listens on `number` while the block runs."""
    words = {name: str(value) for name, value in environment.items()}
    server = Program(
        name, command, folder / f"{name}.log", environment=os.environ | words, folder=ROOT
    )
    try:
        server.wait_until(lambda: is_open(number))
        yield
    finally:
        server.stop()


@contextmanager
def proxy_before(web, folder, nginx):
    """The proxy's doors by name, before whatever listens on the port `web`."""
    doors = dict(zip(("redirect", "tls", "plain"), free_ports(3), strict=True))
    configure(folder, web, **doors)
    command = [nginx, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]
    with running("nginx", command, folder, doors["plain"]):
        yield doors | {"web": web, "folder": folder}


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    return program(tmp_path_factory.mktemp("nginx"))


@pytest.fixture(scope="module")
def doors(tmp_path_factory, nginx):
    """The proxy before one web process of ours."""
    folder, [web] = tmp_path_factory.mktemp("proxy"), free_ports(1)
    words = ["perkeso.wsgi", "--config", "python:perkeso.web_server", "--bind", f"127.0.0.1:{web}"]
    settings = {
        "DJANGO_SETTINGS_MODULE": "perkeso.settings",
        "PROXY_HOPS": 1,
        "WEB_PROCESSES": 1,
        "STATIC_ROOT": ROOT / "static",
    }
    with (
        running("web", [sys.executable, "-m", "gunicorn", *words], folder, web, **settings),
        proxy_before(web, folder, nginx) as doors,
    ):
        yield doors


def ask(port, method="GET", path="/", body=None, **headers):
    """The whole answer: status, headers, text."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request(method, path, body, {"Host": "127.0.0.1", **headers})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def test_plain_http_leads_to_https(doors):
    status, headers, _text = ask(doors["redirect"], path="/log-masuk/")
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/log-masuk/")


def test_pages_come_over_tls(doors):
    trusting = ssl.create_default_context(cafile=str(doors["folder"] / "secrets/tls_certificate"))
    trusting.check_hostname = False
    with closing(HTTPSConnection("127.0.0.1", doors["tls"], context=trusting)) as line:
        line.request("GET", "/log-masuk/", headers={"Host": "127.0.0.1"})
        assert line.getresponse().status == 200


def test_who_watches_from_outside_sees_no_inside(doors):
    assert ask(doors["plain"], path="/sihat/sedia/")[0] == 404


def test_what_is_too_large_gets_our_page(doors):
    status, headers, text = ask(doors["plain"], "POST", "/log-masuk/", b"a" * (13 * 1024 * 1024))
    assert status == 413
    assert "10 MB" in text
    assert headers["Cache-Control"] == "no-store"


def test_static_files_keep_the_portals_headers(doors):
    before, after = (
        ask(doors["web"], path="/static/icon.svg"),
        ask(doors["plain"], path="/static/icon.svg"),
    )
    assert before[0] == after[0] == 200
    for name in ("Cache-Control", "Content-Type", "Cross-Origin-Resource-Policy"):
        assert after[1][name] == before[1][name]


def test_the_log_names_no_page_and_nobody(doors):
    ask(doors["plain"], path="/daftar/e-mel/rahsia-pautan/?q=850101145523")
    noted = (doors["folder"] / "access.log").read_text()
    assert " GET 404 " in noted
    assert "rahsia" not in noted
    assert "127.0.0.1" not in noted.replace(f"127.0.0.1:{doors['web']}", "")


def test_two_hundred_slow_clients_are_not_noticed(doors):
    """On a machine that others use as well the quietest of three rounds counts."""
    for _round in range(3):
        usual = measured(doors["plain"], 8, PAGES)
        assert usual.p95 < PATIENCE_SECONDS
        with slow_clients(doors["plain"], 200):
            time.sleep(1)
            beside = measured(doors["plain"], 8, PAGES)
        if beside.p95 < 2 * usual.p95:
            return
    raise AssertionError(f"usual {usual}, beside 200 slow clients {beside}")


def test_while_the_portal_is_away_our_own_page_stands(tmp_path, nginx):
    with proxy_before(*free_ports(1), tmp_path, nginx) as doors:
        status, headers, text = ask(doors["plain"], path="/caruman/")
    assert status == 502
    assert "jangan bayar semula" in text
    assert headers["Retry-After"] == "30"
