"""A publisher is who its certificate says, or it is nobody."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.models import Credential, Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import Misbehaving, answer, drop, redirect


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost that only its maker trusts; key and certificate in one."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, "req", "-x509", *curve, *subject, "-keyout", str(path), "-out", "-"]
    made = subprocess.run(command, check=True, capture_output=True, timeout=20)
    path.write_bytes(path.read_bytes() + made.stdout)
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Misbehaving]:
    """Start a server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Misbehaving(context) as running:
        running.on("/x", answer(b"{}"))
        yield running


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """The reason is OpenSSL's own; nothing was asked."""
    with pytest.raises(FetchError, match=r"certificate cannot be trusted \(self.signed"):
        fetcher_with(named_hosts=secure.named).fetch(Request(secure.url("/x", "localhost")))
    assert secure.seen == []


def test_an_operator_can_vouch_for_a_certificate(
    secure: Misbehaving,
    certificate: Path,
    fetcher_with: FetcherMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SSL_CERT_FILE is honoured; the name still has to be right. Connections are kept."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    fetcher = fetcher_with(named_hosts=secure.named)
    for _ in range(2):
        assert fetcher.fetch(Request(secure.url("/x", "localhost"))).body == b"{}"
    assert secure.seen[0].client == secure.seen[1].client
    with pytest.raises(FetchError, match="certificate cannot be trusted"):
        fetcher.fetch(Request(secure.url("/x", "127.0.0.1")))
    secure.on("/x", drop(), answer(b"[]"))
    assert fetcher.fetch(Request(secure.url("/x", "localhost"))).body == b"[]"


def test_a_secret_does_not_go_back_to_plain_http(
    secure: Misbehaving,
    server: Misbehaving,
    certificate: Path,
    fetcher_with: FetcherMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A redirect from https to http of the same host leaves it behind."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.on("/x", redirect(server.url("/y", "localhost")))
    server.on("/y", answer(b"{}"))
    key = Credential("MADE_UP_KEY", "header", "X-Api-Key")
    fetcher = fetcher_with({"MADE_UP_KEY": "canary"}, named_hosts=secure.named | server.named)
    fetcher.fetch(Request(secure.url("/x", "localhost"), credentials=(key,)))
    assert secure.seen[0].header("x-api-key") == "canary"
    assert server.seen[0].header("x-api-key") == ""


def test_a_server_that_speaks_no_tls_is_an_error(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """And one that is silent in the handshake ends with the time for connecting."""
    url = server.url("/x").replace("http:", "https:")
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher_with(real=True, connect_seconds=0.2).fetch(Request(url))
    assert threading.active_count() < 50
