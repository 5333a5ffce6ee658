"""Tells which addresses the monitor may connect to: those that the whole internet can reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_EMBEDDING = (
    IPv6Network("::/96"),  # IPv4-compatible, deprecated: RFC 4291 section 2.5.5.1
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated: RFC 2765
    IPv6Network("64:ff9b::/96"),  # NAT64: RFC 6052
)
_LOCAL = (
    IPv6Network("64:ff9b:1::/48"),  # NAT64 within one network: RFC 8215
    IPv6Network("2001::/23"),  # Teredo and other protocol assignments
    IPv6Network("fec0::/10"),  # site-local, deprecated
    IPv6Network("3fff::/20"),  # documentation: RFC 9637
    IPv6Network("5f00::/16"),  # segment routing: RFC 9602
)
_SIX_TO_FOUR = IPv6Network("2002::/16")
# Where clouds hand a machine its keys: never asked, whatever the configuration names.
_KEYS_OF_CLOUDS = (
    IPv4Network("169.254.0.0/16"),  # all of link-local: RFC 3927
    IPv4Network("100.100.100.200/32"),
    IPv4Network("168.63.129.16/32"),
    IPv4Network("192.0.0.192/32"),
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::/32"),
)


class ForbiddenAddress(Exception):  # converted at once; nobody catches it by name
    """A host leads to no address that we may connect to."""


def is_public(text: str) -> bool:
    """Say whether an address belongs to the public internet.

    An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4) is judged by that one.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        return _is_public_v4(carried) if carried else _is_public_v6(address)
    return _is_public_v4(address)


def is_forbidden(text: str) -> bool:
    """Say whether an address is one that clouds keep for handing out a machine's own keys."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return True
    if isinstance(address, IPv6Address):
        address = _carried(address) or address
    return any(address in network for network in _KEYS_OF_CLOUDS)


def _is_public_v4(address: IPv4Address) -> bool:
    if any(address in network for network in _KEYS_OF_CLOUDS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address carries; None where it carries none."""
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    return None


def _is_public_v6(address: IPv6Address) -> bool:
    if any(address in network for network in _LOCAL):
        return False
    return address.is_global and not address.is_multicast
