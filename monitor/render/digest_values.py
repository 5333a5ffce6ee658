"""What a rendered digest is made of, and the links that only its sender knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that stand in one subscriber's copy; "" for none.

    unsubscribe, settings: this subscriber's own; http(s) or mailto.
    matters: a public page with all matters of the digest, where there is one.
    contact: whom to ask: an e-mail address or a page. calendar: name of the attached calendar.
    """

    unsubscribe: str = ""
    settings: str = ""
    matters: str = ""
    contact: str = ""
    calendar: str = ""


NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that the mail carries with it.

    cid: its Content-ID without < >; the HTML shows it as "cid:…". name: of the file.
    """

    cid: str
    name: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Html:
    """A mail's HTML with its pictures (image/png), each of which it also says in words."""

    html: str
    images: tuple[Image, ...] = ()
