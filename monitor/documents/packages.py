"""Opens Office files (ZIP packages) with bounds: what they hold is counted before it is used.

Format: Office Open XML, ECMA-376 part 2 (packages).
"""

from __future__ import annotations

import io
import lzma
import zlib
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lxml import etree

from monitor.documents.values import DocumentKind, Limits
from monitor.errors import DocumentError

_MOST_PARTS = 5_000
_PIECE = 1 << 20
_ENCRYPTED = 0x1
# What zipfile and its decompressors raise for a damaged file; NotImplementedError: a method that
# is unknown, RuntimeError: a password.
DAMAGE = (
    BadZipFile,
    LargeZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    zlib.error,
)


def open_package(body: bytes, subject: str, limits: Limits) -> ZipFile:
    """Open a package of which every part is sound and all together are within the limits.

    Each part is unpacked once here, so that readers that trust a part's stated size are safe.
    Raises DocumentError.
    """
    try:
        package = ZipFile(io.BytesIO(body))
        parts = package.infolist()
    except DAMAGE as fault:
        raise DocumentError(subject, f"the file is damaged: {fault}") from fault
    if len(parts) > _MOST_PARTS:
        raise DocumentError(subject, f"the file has {len(parts)} parts; refused as a ZIP bomb")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise DocumentError(subject, "the file is protected by a password")
    stated = sum(part.file_size for part in parts)
    if stated > limits.unpacked:
        raise DocumentError(subject, f"the file unpacks to {stated:,} bytes; refused as a ZIP bomb")
    for part in parts:
        _unpack(package, part, subject)
    return package


def package_kind(package: ZipFile) -> DocumentKind | None:
    """Say which format a package is, by the names of its parts."""
    names = set(package.namelist())
    if any(name.startswith("word/") for name in names):
        return DocumentKind.DOCX
    if any(name.startswith("xl/") for name in names):
        return DocumentKind.XLSX
    return None


def part(package: ZipFile, name: str) -> bytes:
    """Return a part's bytes, b"" where it is missing."""
    try:
        return package.read(name)
    except KeyError:
        return b""


def xml(package: ZipFile, name: str, subject: str) -> etree._Element | None:
    """Parse a part; None where it is missing. Raises DocumentError where it is no XML."""
    raw = part(package, name)
    if not raw:
        return None
    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as fault:
        raise DocumentError(subject, f"the file is damaged: {name} is not XML") from fault


def _unpack(package: ZipFile, info: ZipInfo, subject: str) -> None:
    """Read a part once: zipfile stops at its stated size and checks its sum."""
    try:
        with package.open(info) as stream:
            while stream.read(_PIECE):
                pass
    except DAMAGE as fault:
        raise DocumentError(subject, f"the file is damaged: {info.filename}: {fault}") from fault
