"""The JSON Schemas for editors say what `load` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.config import write_schemas
from monitor.config.schemas import schemas
from monitor.config.sources import SourceOptions
from monitor.connectors import kinds
from tests.config.conftest import FILES, KINDS, Loads
from tests.config.test_complaints import FILTERS, MONITORS, SOURCES

NAMES = {
    "sources.yaml": "sources.schema.json",
    "filters/287g.yaml": "filters.schema.json",
    "filters/sanctuary.yaml": "filters.schema.json",
    "monitor.yaml": "monitor.schema.json",
}
COMMITTED = Path(__file__).resolve().parents[2] / "schemas"


def errors(name: str, text: str) -> list[str]:
    """Validate one file's text as an editor does."""
    schema = schemas(KINDS)[NAMES[name]]
    return [
        error.message for error in Draft202012Validator(schema).iter_errors(yaml.safe_load(text))
    ]


def test_the_schemas_are_valid_schemas() -> None:
    """Of the dialect that they name, those of the real kinds included."""
    for schema in (*schemas(KINDS).values(), *schemas().values()):
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name", FILES)
def test_a_schema_accepts_what_load_accepts(name: str) -> None:
    """An editor shows no error in a file that is right."""
    assert errors(name, FILES[name]) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        *(("sources.yaml", old, new) for old, new, told in SOURCES if "unknown option" in told),
        *(("monitor.yaml", old, new) for old, new, told in MONITORS if "unknown option" in told),
        *(("filters/287g.yaml", old, new) for old, new, told in FILTERS if "unknown op" in told),
        ("sources.yaml", "every: 30m", "every: 30"),
        ("sources.yaml", "every: 30m", "every: 30x"),
        ("sources.yaml", "mon-fri", "1-5"),
        ("sources.yaml", "expect: 5/week", "expect: 5/wek"),
        ("sources.yaml", "id: alder-news", "id: Alder News"),
        ("sources.yaml", "kind: portal", "kind: portl"),
        ("sources.yaml", "client: alder", "type: bill"),
        ("sources.yaml", "documents: false", 'documents: "no"'),
        ("monitor.yaml", '"#ny"', '"NY"'),
        ("monitor.yaml", "mon 08:00", "monday"),
        ("monitor.yaml", "archive: 90d", "archive: 90"),
        ("monitor.yaml", "priority: high", "priority: hgh"),
        ("filters/287g.yaml", '"#alerts-287g"', '"alerts"'),
        ("filters/287g.yaml", "priority: high", "priority: urgent"),
    ],
)
def test_a_schema_rejects_what_load_rejects(name: str, old: str, new: str) -> None:
    """Unknown options, wrong types and wrong words are red in the editor already."""
    assert old in FILES[name]
    assert errors(name, FILES[name].replace(old, new, 1))


def test_one_value_and_a_list_are_both_accepted(loads: Loads) -> None:
    """As `load` accepts them."""
    text = FILES["sources.yaml"].replace("[sanctuary, 287g]", "sanctuary")
    assert errors("sources.yaml", text) == []
    assert loads({"sources.yaml": text}).sources[0].topics == ("sanctuary",)


def test_every_kind_has_a_branch_with_its_options() -> None:
    """The editor offers the options of the kind that stands there, and describes them."""
    branches = schemas()["sources.schema.json"]["$defs"]
    for name, kind in kinds().items():
        assert branches[name]["properties"]["kind"] == {"const": name}
        assert set(kind.model_fields) <= set(branches[name]["properties"])
        assert branches[name]["description"]


def test_no_kind_takes_the_name_of_a_common_option() -> None:
    """Otherwise nobody could say which of the two is meant."""
    for kind in kinds().values():
        assert not set(kind.model_fields) & set(SourceOptions.model_fields)


def test_every_common_option_is_described() -> None:
    """What an editor shows beside an option is written once, with the option."""
    made = schemas(KINDS)
    defaults = made["sources.schema.json"]["properties"]["defaults"]
    for schema in (made["monitor.schema.json"], made["filters.schema.json"], defaults):
        for model in _models(schema):
            for name, option in model["properties"].items():
                assert {"description", "$ref"} & set(option), name


def test_the_options_of_a_kind_are_described_by_its_docstring() -> None:
    """Written once, where the connector's author wrote it."""
    branch = schemas(KINDS)["sources.schema.json"]["$defs"]["portal"]
    assert branch["description"] == "A kind with every sort of option."
    options = branch["properties"]
    assert options["client"]["description"] == "who the portal belongs to."
    assert options["bodies"]["description"] == "read these only, by name or number; default all."


def _models(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [model for item in node for model in _models(item)]
    if not isinstance(node, dict):
        return []
    below = [model for value in node.values() for model in _models(value)]
    return [node, *below] if node.get("additionalProperties") is False else below


def test_defaults_are_shown_as_people_write_them() -> None:
    """90d, not a number of seconds."""
    definitions = schemas(KINDS)["monitor.schema.json"]["$defs"]
    assert definitions["RetentionSettings"]["properties"]["archive"]["default"] == "90d"
    assert definitions["AlertOptions"]["properties"]["preview"]["default"] == "14d"


def test_schemas_are_written_to_a_folder(tmp_path: Path) -> None:
    """It is made where it is missing; the files end with a line end."""
    written = write_schemas(tmp_path / "schemas", KINDS)
    assert {path.name for path in written} == set(NAMES.values())
    for path in written:
        assert path.read_text(encoding="utf-8").endswith("}\n")
        assert json.loads(path.read_text(encoding="utf-8")) == schemas(KINDS)[path.name]


def test_the_first_line_for_editors_is_only_a_comment(loads: Loads) -> None:
    """`# yaml-language-server: …` changes nothing but line numbers."""
    line = "# yaml-language-server: $schema=schemas/sources.schema.json\n"
    assert loads({"sources.yaml": line + FILES["sources.yaml"]}).sources[0].line == 5


def test_the_committed_schemas_are_current() -> None:
    """After a change to options or kinds: monitor.config.write_schemas(Path("schemas"))."""
    for name, schema in schemas().items():
        committed = json.loads((COMMITTED / name).read_text(encoding="utf-8"))
        assert committed == schema, f"{name} is out of date: write the schemas anew"
