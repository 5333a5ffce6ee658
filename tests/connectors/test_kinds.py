"""The kinds of sources: each a module of its name, loaded when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.connectors import BaseConnector, kinds, register


def test_every_kind_is_a_module_of_its_name() -> None:
    """The word in YAML finds the module; nobody lists kinds by hand."""
    assert kinds()
    for name, kind in kinds().items():
        assert kind.kind == name
        assert kind.__module__ == f"monitor.connectors.{name}"


def test_a_kind_that_is_not_there_is_a_key_error() -> None:
    """Modules that only help the others are no kinds."""
    assert "telegraph" not in kinds()
    assert "_feeds" not in kinds()
    with pytest.raises(KeyError):
        kinds()["telegraph"]


def test_only_the_kinds_in_use_are_loaded() -> None:
    """Reading feeds needs no parser of web pages."""
    asked = "import sys; from monitor.connectors import kinds; kinds()['rss']; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert not {"bs4", "rapidfuzz", "feedparser"} & set(done.stdout.split())


def test_two_kinds_cannot_have_one_word() -> None:
    """The second is refused when it is loaded."""
    taken = next(iter(kinds().values()))
    again = type("Again", (BaseConnector,), {"kind": taken.kind, "__doc__": taken.__doc__})
    with pytest.raises(ValueError, match="taken"):
        register(again)
