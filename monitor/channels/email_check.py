"""Checks for `monitor doctor` whether the mail server is usable; no mail is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.channels.email import MailServer
from monitor.channels.smtp_url import VARIABLE, Encryption, is_here
from monitor.errors import DeliveryError, TemporaryDelivery
from monitor.models import Finding, Level

_MADE_UP = ("example.org", "example.com", "example.net", "localhost")


def check(server: MailServer, senders: Mapping[str, str]) -> Iterator[Finding]:
    """Connect, encrypt and log in, then look at the addresses that digests come from.

    senders: by the digest's id; "" where it has none.
    """
    yield _reached(server)
    yield from _encrypted(server)
    for name, sender in senders.items():
        yield _sender(name, sender, server.place.user)


def _reached(server: MailServer) -> Finding:
    place = server.place
    try:
        server.connected()
    except DeliveryError as error:
        passes = "If it does not pass, check host, port and firewall."
        cure = passes if isinstance(error, TemporaryDelivery) else f"Then correct {VARIABLE}."
        return Finding(Level.FAIL, "e-mail", f"{error.reason} ({error.code})", cure)
    finally:
        server.close()
    ways = {Encryption.TLS: "TLS", Encryption.STARTTLS: "STARTTLS", Encryption.NONE: ""}
    facts = (ways[place.encryption], "login accepted" if place.user else "without a login")
    said = ", ".join(fact for fact in facts if fact)
    return Finding(Level.OK, "e-mail", f"{place.host}:{place.port} takes us ({said})")


def _encrypted(server: MailServer) -> Iterator[Finding]:
    place = server.place
    if place.encryption is Encryption.NONE and not is_here(place.host):
        says = "messages leave this machine unencrypted"
        yield Finding(Level.WARN, "e-mail", says, f"Take ?starttls=never out of {VARIABLE}.")


def _sender(name: str, sender: str, user: str) -> Finding:
    """Judge the address that a digest comes from."""
    subject = f"digest {name}"
    domain = sender.rpartition("@")[2]
    if not sender:
        cure = "Give it `from: digest@your-domain.org` in monitor.yaml; `contact` is a web page."
        return Finding(Level.FAIL, subject, "has no address to come from", cure)
    if domain in _MADE_UP:
        cure = "Give it `from` in monitor.yaml, with a domain of your own."
        return Finding(Level.WARN, subject, f"comes from the made-up {sender}", cure)
    account = user.rpartition("@")[2] if "@" in user else ""
    if account and account.lower() != domain and not domain.endswith(f".{account.lower()}"):
        says = f"comes from {domain}, and the mail server's account is at {account}"
        cure = (
            "Ask the provider whether it may; many servers refuse that, or readers see it as junk."
        )
        return Finding(Level.WARN, subject, says, cure)
    return Finding(Level.OK, subject, f"comes from {sender}")
