"""Makes links absolute, and gives each one spelling for comparing."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_TRACKERS = re.compile(r"(?:utm_|mc_)\w*|fbclid|gclid|gclsrc|dclid|msclkid|igshid", re.IGNORECASE)
# Parts of a link that change while the document stays: sessions and cache breakers always, and
# where a link is signed (Amazon S3, CloudFront, Azure) also what is signed.
_TOKENS = re.compile(
    r"x-amz-[\w-]+|awsaccesskeyid|signature|sig|token|access_token|sessionid|jsessionid|phpsessid"
    r"|_|cb|nocache|timestamp|cachebust\w*",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"expires|policy|key-pair-id|response-[\w-]+|s[vprekt]|spr|skoid|sktid|sk[tesv]|rsc[dtcel]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"(?:^|&)(?:x-amz-signature|signature|sig)=", re.IGNORECASE)
_SAFE = "/%:@!$&'()*+,;=~-._[]|"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def canonical(url: str, keep: tuple[str, ...] = ()) -> str:
    """Return the one spelling of a link for comparing; it is not meant for fetching.

    Scheme and host in lower case, IDNA, no default port, no user, no fragment (but "#!" is an
    address), no trackers, query sorted, dot segments and a trailing slash gone.
    keep: where given, only these query parameters are kept (Legistar's ID and GUID), in any case.
    What is no link comes back stripped.
    """
    url = sound(url)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        name = _ascii_host(parts.hostname or "")
    except ValueError:
        return url.strip()
    if not name:
        return url.strip()
    scheme = parts.scheme
    place = f"[{name}]" if ":" in name else name
    if port is not None and port != _PORTS.get(scheme):
        place = f"{place}:{port}"
    path = _without_dots(parts.path) if "/." in parts.path else parts.path
    path = path.rstrip("/") or "/"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    query = _sorted_query(parts.query, keep) if parts.query else ""
    return urlunsplit((scheme, place, _quoted(path), _quoted(query, "?"), fragment))


def without_tokens(url: str) -> str:
    """Return the canonical link without signatures, sessions and cache breakers in its query."""
    plain = canonical(url)
    address, mark, query = plain.partition("?")
    if not mark:
        return plain
    passing = (_TOKENS, _SIGNED) if _SIGNATURE.search(query) else (_TOKENS,)
    kept = [
        pair
        for pair in query.split("&")
        if not any(names.fullmatch(pair.partition("=")[0]) for names in passing)
    ]
    return f"{address}?{'&'.join(kept)}" if kept else address


def absolute(base: str, link: str) -> str:
    """Resolve a link as a browser would; "" where it is no http or https address."""
    base = sound(base)
    link = _CONTROLS.sub("", sound(link)).strip().replace(" ", "%20")
    if not link:
        return ""
    try:
        whole = (
            link if link[:8].lower().startswith(("http://", "https://")) else urljoin(base, link)
        )
        parts = urlsplit(whole)
        usable = parts.scheme in _PORTS and bool(parts.hostname)
    except ValueError:
        return ""
    return whole if usable else ""


def sound(text: str) -> str:
    """Replace lone surrogates (half of a character, from broken JSON): nothing takes them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def host(url: str) -> str:
    """Return a link's host in lower case, "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _ascii_host(name: str) -> str:
    """Return a host name in lower case and in its ASCII form (IDNA); raises ValueError."""
    name = name.rstrip(".")
    return name if name.isascii() else name.encode("idna").decode("ascii").lower()


def _sorted_query(query: str, keep: tuple[str, ...]) -> str:
    """Sort a query's parameters and drop trackers, or all that are not to be kept."""
    pairs = [pair for pair in query.split("&") if pair]
    if keep:
        wanted = {name.lower() for name in keep}
        pairs = [pair for pair in pairs if pair.partition("=")[0].lower() in wanted]
    else:
        pairs = [pair for pair in pairs if not _TRACKERS.fullmatch(pair.partition("=")[0])]
    return "&".join(sorted(pairs))


def _without_dots(path: str) -> str:
    """Collapse "." and ".." (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _quoted(part: str, also: str = "") -> str:
    """Percent-encode what may not stand in a link, and leave the rest as it is."""
    return quote(part, safe=_SAFE + also) if not part.isascii() or " " in part else part
