"""A hostile pull request to the YAML: what it can name, and what it cannot reach."""

from __future__ import annotations

from tests.security.product import credentials


def test_every_key_of_a_connector_is_bound_to_its_service() -> None:
    """YAML that gives a service another address gets no key sent there."""
    found = list(credentials())
    assert len(found) > 5
    unbound = [name for name, call in found if "hosts" not in {k.arg for k in call.keywords}]
    assert unbound == []
