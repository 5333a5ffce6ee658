"""Reads SMTP_URL: which mail server takes our messages, how it is spoken to, and as whom.

    smtp://user:password@mail.example.org:587      STARTTLS, which is demanded
    smtps://user:password@mail.example.org         TLS from the first byte, port 465
    smtp://localhost:25                            this machine: no TLS
    smtp://10.0.0.5:25?starttls=never              no TLS, for a network of one's own; no password

User and password are percent-encoded where they hold @, : or /.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from monitor.errors import ConfigError

VARIABLE = "SMTP_URL"
_PORTS = {"smtp": 587, "smtps": 465}
_WANTED = "write for example smtp://user:password@mail.example.org:587"
_CODED = "in a password write %40 for @, %3A for :, %2F for /, %23 for #, %3F for ?"


class Encryption(StrEnum):
    """How a connection is encrypted: from the first byte, after STARTTLS, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """A mail server, and who we are to it; user and password "" where it asks for none."""

    host: str
    port: int
    encryption: Encryption
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def read_smtp_url(url: str) -> SmtpUrl:
    """Read SMTP_URL; raises ConfigError, which never repeats the URL: it holds a password."""
    try:
        return _read(url)
    except ValueError as fault:
        # The cause of a library's own fault could repeat it.
        raise ConfigError((f"{VARIABLE}: {fault}",)) from None


def _read(url: str) -> SmtpUrl:
    parts = _split(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError(f"there is a user without a password, or the reverse ({_WANTED})")
    if not (user + password).isprintable():
        raise ValueError("user or password holds a line break or a control character")
    host = parts.hostname or ""
    encryption = _encryption(parts, is_here(host))
    if user and encryption is Encryption.NONE and not is_here(host):
        raise ValueError("a password is never sent without encryption (take ?starttls=never out)")
    return SmtpUrl(host, parts.port or _PORTS[parts.scheme], encryption, user, password)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(f"it is no address of a mail server ({_WANTED}; {_CODED})")
    if parts.path.strip("/") or parts.fragment:
        raise ValueError(f"something stands behind the host ({_CODED})")
    return parts


def _encryption(parts: SplitResult, here: bool) -> Encryption:
    if parts.scheme == "smtps":
        if parts.query:
            raise ValueError("smtps:// has no options (it is encrypted from the first byte)")
        return Encryption.TLS
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    wish = options.pop("starttls", "")
    if options or wish not in {"", "never", "always"}:
        raise ValueError("the only option is ?starttls=never or ?starttls=always")
    if wish == "never" or (here and wish != "always"):
        return Encryption.NONE
    return Encryption.STARTTLS


def is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
