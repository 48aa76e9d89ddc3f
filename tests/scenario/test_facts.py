"""The ledger of facts: strict, without keys given twice, every source in the bibliography."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from atmis import facts
from atmis.scenario import reading
from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

GOOD = """
border_length:
  what: length of the border
  value: 680
  unit: km
  date: '-'
  class: documented
  source: [survey]
"""


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        ("kenya_troops", 4_000, "troops"),
        ("kenya_border_bases", 14, "bases"),
        ("kenya_forward_bases", 16, "bases"),
        ("ceiling_2022_04_01", 19_626, "people"),
        ("ceiling_2023_06_30", 17_626, "people"),
        ("ceiling_2024_02_02", 14_626, "people"),
        ("ceiling_2024_06_30", 12_626, "people"),
        ("ceiling_2024_11_14", 10_626, "people"),
        ("ceiling_police", 1_040, "people"),
        ("aussom_uniformed", 11_826, "people"),
        ("pause_length", 90, "days"),
        ("kenya_somalia_border_length", 680, "km"),
        ("phase_1_cut_per_contributor", 400, "troops"),
        ("phase_1_cut", 2_000, "troops"),
        ("phase_2_cut", 3_000, "troops"),
        ("haiti_officers", 1_000, "people"),
        ("garissa_university_killed", 148, "people"),
        ("us_kenya_agreement_signed", date(2023, 9, 25), "date"),
        ("kenya_last_troops_leave", date(2024, 12, 31), "date"),
        ("border_closed_since", 2011, "year"),
    ],
)
def test_documented_figures(key: str, value: Any, unit: str) -> None:
    fact = facts.facts()[key]
    assert (fact.value, fact.unit, fact.sourcing) == (value, unit, "documented")


def test_the_figures_agree_with_each_other() -> None:
    value = {key: fact.value for key, fact in facts.facts().items()}
    contributors = value["mission_contributors"]
    assert contributors == ("Burundi", "Djibouti", "Ethiopia", "Kenya", "Uganda")
    assert value["phase_1_cut"] == len(contributors) * value["phase_1_cut_per_contributor"]
    assert value["ceiling_2022_04_01"] - value["phase_1_cut"] == value["ceiling_2023_06_30"]
    assert value["ceiling_2023_06_30"] - value["phase_2_cut"] == value["ceiling_2024_02_02"]
    assert value["ceiling_2022_04_01"] - value["ceiling_police"] == value["ceiling_military_2022_04_01"]
    parts = [value[f"aussom_{part}"] for part in ("uganda", "ethiopia", "djibouti", "kenya", "egypt", "burundi")]
    assert sum(parts) + value["aussom_police"] + value["aussom_unattributed"] == value["aussom_uniformed"]


def test_every_source_resolves() -> None:
    sources = facts.bibliography()
    for fact in facts.facts().values():
        assert set(fact.source) <= set(sources), fact.key
        for other in fact.alternates:
            assert set(other.source) <= set(sources), fact.key


def quoted(record: type[BaseModel]) -> Iterator[str]:
    """Sources of all parameters of a record and of the records in it."""
    for info in record.model_fields.values():
        extra = info.json_schema_extra
        if isinstance(extra, dict):
            yield from (str(key) for key in extra["source"])  # type: ignore[union-attr]
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from quoted(info.annotation)


def test_sources_of_parameters_are_facts_or_in_the_bibliography() -> None:
    known = set(facts.facts()) | set(facts.bibliography())
    assert set(quoted(Scenario)) - known == set()


def sources_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "source":
                yield from value
            else:
                yield from sources_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from sources_in(value)


def test_sources_in_the_configuration_are_facts_or_in_the_bibliography() -> None:
    known = set(facts.facts()) | set(facts.bibliography())
    for path in sorted(conf_folder().rglob("*.yaml")):
        assert set(sources_in(reading.read_yaml(path))) - known == set(), path


def test_figures_of_the_hold_out_are_flagged() -> None:
    ledger = facts.facts()
    assert ledger["border_area_attacks_2023"].flags == ("outcome_after_freeze",)
    assert ledger["r8_ccdf"].flags == ("shape_check_only",)
    assert ledger["kenya_troops"].flags == ()
    for fact in ledger.values():
        assert len(fact.flags) < 2, fact.key
        assert fact.shape_check_only == ("overlaps the hold-out" in fact.date), fact.key


def test_no_flagged_figure_is_the_source_of_a_parameter() -> None:
    flagged = {key for key, fact in facts.facts().items() if fact.flags}
    assert flagged & set(quoted(Scenario)) == set()
    for path in sorted(conf_folder().rglob("*.yaml")):
        assert flagged & set(sources_in(reading.read_yaml(path))) == set(), path


def test_records_cannot_be_changed() -> None:
    fact = facts.facts()["r8_ccdf"]
    with pytest.raises(ValidationError):
        fact.value = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        fact.value[1] = 0.5
    with pytest.raises(TypeError):
        facts.facts()["r8_ccdf"] = fact  # type: ignore[index]
    assert fact.value[100] == 0.002


def test_find_wants_every_word() -> None:
    assert [fact.key for fact in facts.find("BORDER Length")] == ["kenya_somalia_border_length"]
    assert "ceiling_2022_04_01" in {fact.key for fact in facts.find("19,626")}
    assert "ceiling_2022_04_01" in {fact.key for fact in facts.find("19626 unsc2628")}
    assert {fact.key for fact in facts.find("shape_check_only")} == {
        key for key, fact in facts.facts().items() if fact.shape_check_only
    }
    assert facts.find("nothing like this (") == []
    assert len(facts.find()) == len(facts.facts())


def test_rows_of_the_table() -> None:
    row = {row.key: row for row in facts.table(facts.find())}
    assert asdict(row["ceiling_2022_04_01"]) == {
        "key": "ceiling_2022_04_01",
        "what": "uniformed ceiling at the start of ATMIS",
        "value": "19,626",
        "unit": "people",
        "date": "2022-04-01",
        "sourcing": "documented",
        "source": "unsc2628",
        "flags": "",
    }
    assert (row["border_closed_since"].value, row["kenya_last_troops_leave"].value) == ("2011", "2024-12-31")
    assert row["pause_length"].source == "woa2023, mil2023"
    assert row["sector_5"].value == "zones: Middle Shabelle; held_by: Burundi"
    assert row["r8_ccdf"].value.startswith("1: 0.33; 3: 0.11")
    assert row["r8_ccdf"].flags == facts.FLAGS["shape_check_only"]
    assert row["cosweyn_attack"].flags == facts.FLAGS["outcome_after_freeze"]
    assert row["mission_contributors"].unit == ""


def ledger(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "conf" / "facts" / "ledger.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    source = facts.BibliographyEntry.model_validate(
        {"key": "survey", "title": "a survey", "kind": "report", "where": "-", "year": 2022}
    )
    return facts.read_ledger(path, {"survey": source})


def test_a_small_ledger(tmp_path: Path) -> None:
    (fact,) = ledger(tmp_path, GOOD).values()
    assert (fact.key, fact.value, fact.source, fact.alternates) == ("border_length", 680, ["survey"], ())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("[survey]", "[surveys]"), "source 'surveys' is not in the bibliography; did you mean 'survey'"),
        (("[survey]", "[]"), "border_length.source"),
        (("documented", "certain"), "border_length.class"),
        (("unit: km", "unit: km\n  units: km"), "border_length.units"),
        (("  unit: km\n", ""), "border_length.unit"),
        (("680", ".nan"), "is not finite"),
        (("680", "null"), "is not a number"),
        (("unit: km", "unit: km\n  unit: m"), "key 'unit' occurs twice"),
        (("[survey]", "[survey]\nborder_length: {}"), "key 'border_length' occurs twice"),
        (("unit: km", "unit: km\n  key: other"), "border_length"),
        (("[survey]", "[survey]\n  alternates: [{value: 700, source: [map]}]"), "source 'map'"),
        (("border_length:", "Border length:"), "Border length"),
        (("[survey]", "[survey"), "ledger.yaml, line 9: a bracket is not closed"),
        ((GOOD, "- a list"), "is not a block of keys"),
        ((GOOD, ""), "is not a block of keys"),
        ((GOOD, "!!python/object/apply:os.system ['true']"), "are not allowed"),
    ],
)
def test_a_bad_ledger_is_refused_in_a_sentence(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        ledger(tmp_path, GOOD.replace(*change))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_ledger_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"can.*be read"):
        facts.read_ledger(tmp_path / "ledger.yaml", {})
