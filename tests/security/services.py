"""All services that ask for a key, behind one port: they see the keys, and misbehave with them."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.servers.misbehaving import Misbehaving, Seen, Wire, answer, drop, page, redirect

# Hosts of the services, as private_hosts of monitor.yaml has to name them to be led to loopback.
HOSTS = (
    "api.congress.gov",
    "api.github.com",
    "api.govinfo.gov",
    "api.legiscan.com",
    "api.regulations.gov",
    "lims.minneapolismn.gov",
    "v3.openstates.org",
    "webapi.legistar.com",
    "www.courtlistener.com",
)
ELSEWHERE = "elsewhere.example"
# One source for each key that a connector sends.
SOURCES: dict[str, dict[str, Any]] = {
    "legistar": {"kind": "legistar", "client": "nyc", "token": True},
    "openstates": {"kind": "openstates", "jurisdictions": ["ny"]},
    "legiscan": {"kind": "legiscan", "states": ["NY"], "queries": ["detainer"]},
    "congress": {"kind": "congress"},
    "govinfo": {"kind": "govinfo_collection", "collection": "BILLS"},
    "regulations": {"kind": "regulations", "agencies": ["DHS"]},
    "courtlistener": {"kind": "courtlistener_search", "api": True, "query": "detainer"},
    "minneapolis": {"kind": "minneapolis_lims"},
    "github": {"kind": "nyc_legislation"},
}
MOODS = ("refuses", "redirects", "repeats", "is ill", "shows a page", "hangs up")


class Services(Misbehaving):
    """The services; `mood` says how they misbehave."""

    mood = MOODS[0]

    def handle(self, seen: Seen, connection: socket.socket) -> None:
        """Answer with all that stood in the request."""
        self.seen.append(seen)
        wire = Wire(seen, connection, threading.Event())
        words = " ".join(value for name, value in seen.headers if name != "user-agent")
        said = f"no such key: {seen.target} {words}"
        told = json.dumps({"error": {"message": said}, "Message": said, "url": seen.target})
        repeated = json.dumps({"value": [], "seen": said, "url": seen.target})
        keyed = f"https://{ELSEWHERE}{seen.target}&key={words.replace(' ', '+')}"
        behaviour = {
            "refuses": answer(told.encode(), 401, (("X-Echo", said),)),
            "redirects": redirect(keyed),
            "repeats": answer(repeated.encode(), 200, (("ETag", f'"{said}"'), ("X-Echo", said))),
            "is ill": answer(said.encode(), 500),
            "shows a page": page(f"Error {said}"),
            "hangs up": drop(),
        }[self.mood]
        behaviour(wire)


def certificate(folder: Path) -> Path:
    """Make a certificate for all services that only its maker trusts; key and it in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = folder / "services.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ",".join(f"DNS:{one}" for one in (*HOSTS, ELSEWHERE))
    subject = ["-subj", "/CN=services", "-addext", f"subjectAltName={names}"]
    command = [openssl, "req", "-x509", *curve, *subject, "-keyout", str(path), "-out", "-"]
    made = subprocess.run(command, check=True, capture_output=True, timeout=20)
    path.write_bytes(path.read_bytes() + made.stdout)
    return path


def context(path: Path) -> ssl.SSLContext:
    """Make the services' side of TLS."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(path)
    return made
