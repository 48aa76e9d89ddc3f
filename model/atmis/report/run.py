"""The report of a folder of `atmis run`: one scenario, its headlines over the replicates."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from atmis.plots.common import words
from atmis.plots.common.dates import format_date
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.run import figures as run_figures
from atmis.report import about, figures
from atmis.report.folder import scenario_config, verified_manifest
from atmis.report.numbers import Number, Sentence, digits_between, number, percent
from atmis.runs.summary import HEADLINES, Row, Value, over_replicates
from atmis.scenario.errors import InputError
from atmis.storage import run_folder
from atmis.storage.tables import cell

# Headlines of the answer, with phrases for them.
_ANSWER = {
    "attacks_total": "attacks in all zones",
    "attacks_kenyan_border_total": "attacks in the Kenyan border counties",
    "deaths_mission_people": "troops of the mission killed",
    "deaths_civilians_people": "civilians killed",
    "handed_over_bases_fallen": "bases that fall after their handover",
    "displaced_people_new": "people newly displaced",
}
_CAPTIONS = {
    "troops": (
        "Troops of the mission against the documented ceilings",
        "Troops by contingent, day by day, and the ceilings that the Security Council set.",
    ),
    "attacks": (
        "Attacks by month and group of zones",
        "Bands hold the middle 50 % and 90 % of the replicates: {held}.",
    ),
    "deaths": (
        "Deaths by month and side",
        "Bands hold the middle 50 % and 90 % of the replicates: {held}.",
    ),
    "map": ("Attacks by zone, and what became of bases", "More than half of the bases stand at synthetic places."),
    "survival": (
        "How long bases hold after their handover",
        "Kaplan-Meier estimate over all replicates, with its 95 % interval.",
    ),
    "border": (
        "The Kenyan border counties",
        "Attacks on record, and share of the replicates in which the border could open.",
    ),
}

# Headlines in the alternative texts of figures, with phrases for them.
_ALT = {
    "troops": {"troops_end": "troops on the last day", "ceiling_end_people": "the ceiling on that day"},
    "attacks": {
        "attacks_kenyan_border_total": "attacks in the Kenyan border counties",
        "attacks_jubaland_total": "in Jubaland",
        "attacks_rest_total": "in the other Somali zones",
    },
    "deaths": {
        "deaths_mission_people": "troops of the mission killed",
        "deaths_host_people": "Somali security forces",
        "deaths_kenya_people": "Kenyan security forces",
        "deaths_civilians_people": "civilians",
        "deaths_group_people": "fighters",
    },
    "map": {
        "attacks_total": "attacks in all zones",
        "bases_handed_over": "bases handed over",
        "bases_closed": "bases closed",
        "overruns": "falls of bases",
    },
    "survival": {
        "bases_handed_over": "bases handed over",
        "handed_over_bases_fallen": "of these, bases that fell at least once",
    },
    "border": {
        "attacks_kenyan_border_total": "attacks",
        "recorded_attacks_kenyan_border": "of these, attacks that an event data set would hold",
        "border_could_open_share": "share of days on which the border could open",
    },
}


class HeadlineRow(NamedTuple):
    """A headline over the replicates."""

    name: str
    definition: str
    unit: str
    median: Number
    low: Number
    high: Number


def page_data(folder: Path) -> dict[str, Any]:
    """Variables of the template for a run. Raises InputError if the folder is not complete."""
    manifest, stored = verified_manifest(folder), run_folder.read(folder)
    try:
        name, replicates, seed = str(manifest["scenario"]), int(manifest["replicates"]), int(manifest["seed"])
        config = scenario_config(manifest["config"], manifest["config"]["theatre"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{folder} holds no run of this version of atmis; run it again") from None
    rows = [over_replicates(headline, stored.summary[headline.name].to_numpy()) for headline in HEADLINES]
    lines = {row.name: _headline_row(row) for row in rows}
    uncertainty = words.uncertainty_text(config["draws"]["file"] is not None)
    entries = _figure_entries(folder / "figures", lines, name, uncertainty)
    return {
        "name": name,
        "colour": scenario_colour(name),
        "config": config,
        "replicates": replicates,
        "sides": [({"name": name, "replicates": replicates, "seed": seed}, scenario_colour(name))],
        "period": about.period(config),
        "worlds": None,
        "answer": [_answer_sentence(lines[headline], phrase) for headline, phrase in _ANSWER.items()],
        "lines": list(lines.values()),
        "differences": about.differences({name: config}),
        "inputs": about.inputs([config]),
        "drawn": about.count_drawn([config]),
        "provenance": about.provenance(manifest),
        "figures": figures.inline_figures(folder / "figures", entries),
    }


def _headline_row(row: Row) -> HeadlineRow:
    numbers = {column: _number(row, column) for column in ("median", "low_90", "high_90")}
    unit = "" if row.unit in ("date", "share") else row.unit
    return HeadlineRow(row.name, row.definition, unit, numbers["median"], numbers["low_90"], numbers["high_90"])


def _number(row: Row, column: str) -> Number:
    place, value = {"table": "summary", "headline": row.name, "column": column}, getattr(row, column)
    if row.unit == "date":
        return _month(place, value)
    if row.unit == "share":
        return percent(place, value)
    low, high = float(row.low_90), float(row.high_90)  # type: ignore[arg-type]
    return number(place, value, "plain", min(digits_between(low, high), 0) if low < high else 0)


def _month(place: dict[str, str], day: Value) -> Number:
    text = format_date(day, day_known=False) if isinstance(day, date) else "never"
    return Number(text, cell(day), "month", 0, 1, place)


def _answer_sentence(line: HeadlineRow, phrase: str) -> Sentence:
    return (f"{words.capitalise(phrase)}: ", line.median, " in the middle run; nine runs in ten lie between ", line.low,
            " and ", line.high, ".")  # fmt: skip


def _figure_entries(
    folder: Path, lines: Mapping[str, HeadlineRow], name: str, uncertainty: str
) -> Iterator[dict[str, str]]:
    """Entries of the figures that exist, in order; some have several pages."""
    for stem in run_figures.FIGURES:
        title, caption = _CAPTIONS[stem][0], _CAPTIONS[stem][1].format(held=uncertainty)
        numbers = "; ".join(f"{phrase}: {_short_interval(lines[headline])}" for headline, phrase in _ALT[stem].items())
        alt = f"{title}, in scenario {words.scenario_name(name)}. Middle run (nine in ten): {numbers}."
        for path in sorted(folder.glob(f"{stem}*.png")):
            yield {"file": path.stem, "title": title, "caption": caption, "alt": alt}


def _short_interval(line: HeadlineRow) -> str:
    interval = "" if line.low.text == line.high.text else f" ({line.low.text} to {line.high.text})"
    return f"{line.median.text}{interval}"
