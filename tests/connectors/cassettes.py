"""Reads VCR cassettes (Ruby's YAML, with its own tags): real answers with their addresses."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Takes Ruby's tagged values for what they hold."""


def _plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_mapping(node) if isinstance(node, yaml.MappingNode) else None


def _binary(_: yaml.SafeLoader, node: yaml.Node) -> bytes:
    return b64decode(str(node.value)) if isinstance(node, yaml.ScalarNode) else b""


_Loader.add_multi_constructor("", _plain)
_Loader.add_constructor("!binary", _binary)


@dataclass(frozen=True)
class Exchange:
    """One recorded answer."""

    url: str
    status: int
    body: bytes


def exchanges(folder: Path) -> Iterator[Exchange]:
    """List the answers of all cassettes in a folder."""
    for file in sorted(folder.glob("vcr*")):
        # The loader is a SafeLoader: it builds texts, lists and mappings only.
        cassette = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506
        for one in cassette.get("http_interactions", ()):
            body = one["response"]["body"].get("string") or ""
            raw = body.encode() if isinstance(body, str) else body
            yield Exchange(one["request"]["uri"], int(one["response"]["status"]["code"]), raw)
