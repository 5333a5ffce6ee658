"""E-mail addresses: one strict normal form, one for comparing, and one that may be shown.

    given                     kept                          shown
    "  Alma@Exämple.org "     Alma@xn--exmple-cua.org       A…@xn--exmple-cua.org

A mailbox is what RFC 5321, section 4.1.2, calls Mailbox, without quoted local parts and address
literals, which no subscriber has; letters beyond ASCII are taken before the @ (RFC 6531).
"""

from __future__ import annotations

import re
import unicodedata

import idna

_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]*@[^\s<>\"'(),;:\[\]]+")
# A shorter local part is probably a word of its own in a server's answer.
_LEAST_TELLING = 3


def mailbox(text: str) -> str:
    """Read an address as a person wrote it into its normal form.

    The domain becomes lower case and ASCII (IDNA 2008), the local part stays as it was given.
    Raises ValueError with a sentence that does not repeat the address.
    """
    given = unicodedata.normalize("NFC", text.strip())
    local, at, domain = given.rpartition("@")
    if not at or not local:
        raise ValueError("it is no e-mail address (write for example ana@example.org)")
    if not _ATOM.fullmatch(_with_ascii_letters(local)):
        raise ValueError("what stands before the @ holds a blank, or a sign that is not allowed")
    found = f"{local}@{_domain(domain)}"
    if len(local.encode()) > _LONGEST_LOCAL or len(found.encode()) > _LONGEST:
        raise ValueError("it is too long (64 bytes before the @, 254 in all)")
    return found


def folded(address: str) -> str:
    """Write an address so that two that reach the same person compare equal."""
    return unicodedata.normalize("NFC", address.casefold())


def masked(address: str) -> str:
    """Show an address without telling whose it is: "a…@example.org"."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "…"
    return f"{local[:1] if len(local) > 1 else ''}…@{domain}"


def without_addresses(text: str, *known: str) -> str:
    """Mask every address in a text of somebody else's, such as a mail server's answer.

    known: addresses (or names of accounts) that are masked too where their local part stands alone.
    """
    shown = _ADDRESS.sub(lambda found: masked(found[0]), text)
    for one in known:
        local = one.rpartition("@")[0] or one
        if "@" in one:
            shown = re.sub(re.escape(one), masked(one), shown, flags=re.IGNORECASE)
        if len(local) >= _LEAST_TELLING:
            shown = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", shown, flags=re.IGNORECASE)
    return shown


def _with_ascii_letters(local: str) -> str:
    """Let every letter, mark and digit beyond ASCII stand as an "x"."""
    return "".join(
        "x" if not c.isascii() and unicodedata.category(c)[0] in "LMN" else c for c in local
    )


def _domain(text: str) -> str:
    wrong = "what stands behind the @ is no name of a domain (example.org)"
    try:
        domain = idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise ValueError(wrong) from None  # the cause would repeat it
    labels = domain.split(".")
    sound = all(_LABEL.fullmatch(one) and len(one) <= _LONGEST_LABEL for one in labels)
    if len(labels) == 1 or not sound or labels[-1].isdigit():
        raise ValueError(wrong)
    return domain
