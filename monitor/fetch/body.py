"""Reads a body within bounds: bytes as sent, and bytes when decompressed.

httpx decompresses a whole piece at once: 194 KB of gzip grew the process by 207 MB before a check
could run. Here zlib is asked for at most 64 KB at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_PIECE = 65_536
_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS

CODINGS = "gzip, deflate"


class UnusableBody(Exception):  # converted by the fetcher, where the URL is known
    """A body is too large, cut off, or coded in a way that we did not ask for."""


def read_body(pieces: Iterable[bytes], coding: str, limit: int, cut: bool = False) -> bytes:
    """Return a body without its content coding; raises UnusableBody.

    limit: most bytes, as sent and again when decompressed.
    cut: what is beyond the limit is left away instead of refusing all (error pages, robots.txt).
    """
    body = bytearray()
    for piece in _decoded(_within(pieces, limit, cut), coding):
        body += piece
        if len(body) > limit:
            if not cut:
                raise UnusableBody(f"the body is larger than {limit:,} bytes when decompressed")
            del body[limit:]
            break
    return bytes(body)


def _within(pieces: Iterable[bytes], limit: int, cut: bool) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > limit and not cut:
            raise UnusableBody(f"the body is larger than {limit:,} bytes")
        yield piece
        if taken > limit:
            return


def _decoded(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    name = coding.strip().lower()
    if name in {"", "identity"}:
        return pieces
    if name in {"gzip", "x-gzip", "deflate"}:
        return _inflated(pieces, name)
    raise UnusableBody(f"the body is coded as {name[:40]!r}, which was not asked for")


def _inflated(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Decompress piece by piece; several gzip members in a row are one body (RFC 1952)."""
    inflater = None
    try:
        for piece in filter(None, pieces):
            if inflater is None:
                inflater = zlib.decompressobj(_window(piece, name))
            waiting = piece
            while waiting:
                if inflater.eof:
                    if not _GZIP_MAGIC.startswith(waiting[:2]):  # or its half, at a piece's end
                        return
                    inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
                yield inflater.decompress(waiting, _PIECE)
                waiting = inflater.unconsumed_tail or inflater.unused_data
    except zlib.error as broken:
        raise UnusableBody(f"the body is said to be {name}, and cannot be decompressed") from broken
    while inflater is not None and (rest := inflater.decompress(b"", _PIECE)):
        yield rest  # what a raw stream still held when its last byte was read
    if inflater is not None and not inflater.eof:
        raise UnusableBody(f"the {name} body is cut off")


def _window(first: bytes, name: str) -> int:
    """Tell zlib's deflate (RFC 1950) from raw deflate, which some servers send under its name."""
    if name != "deflate" or first.startswith(_GZIP_MAGIC):
        return _ZLIB_OR_GZIP
    looks_like_zlib = first[0] & 0x0F == zlib.DEFLATED and (
        len(first) == 1 or int.from_bytes(first[:2]) % 31 == 0
    )
    return _ZLIB_OR_GZIP if looks_like_zlib else _RAW_DEFLATE
