"""The report of a folder of `atmis run`: one scenario, its headlines over the replicates."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from atmis.plots.kit import looks, words
from atmis.plots.kit.dates import in_words
from atmis.plots.run import figures as run_figures
from atmis.report import about, figures
from atmis.report.folder import manifest, scenario
from atmis.report.numbers import Number, Sentence, digits_between, number, percent
from atmis.runs.summary import HEADLINES, Row, Value, over_replicates
from atmis.scenario.errors import InputError
from atmis.storage import run_folder
from atmis.storage.tables import cell

# What the answer tells, with the words for it.
_ANSWER = {
    "attacks_total": "attacks in all zones",
    "attacks_kenyan_border_total": "attacks in the Kenyan border counties",
    "deaths_mission_people": "troops of the mission killed",
    "deaths_civilians_people": "civilians killed",
    "handed_over_bases_fallen": "bases that fall after their handover",
    "displaced_people_new": "people newly displaced",
}
_SAYS = {
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

# What a reader who cannot see a figure is told of it: headlines, with the words for them.
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


class Line(NamedTuple):
    """A headline over the replicates."""

    name: str
    definition: str
    unit: str
    median: Number
    low: Number
    high: Number


def told(folder: Path) -> dict[str, Any]:
    """What the page shows of a run. Raises InputError when the folder is not complete."""
    made, stored = manifest(folder), run_folder.read(folder)
    try:
        name, replicates, seed = str(made["scenario"]), int(made["replicates"]), int(made["seed"])
        config = scenario(made["config"], made["config"]["theatre"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{folder} holds no run of this version of atmis; run it again") from None
    rows = [over_replicates(one, stored.summary[one.name].to_numpy()) for one in HEADLINES]
    lines = {row.name: _line(row) for row in rows}
    held = words.held_by(config["draws"]["file"] is not None)
    return {
        "name": name,
        "colour": looks.colour(name),
        "config": config,
        "replicates": replicates,
        "sides": [({"name": name, "replicates": replicates, "seed": seed}, looks.colour(name))],
        "period": about.period(config),
        "worlds": None,
        "answer": [_sentence(lines[one], noun) for one, noun in _ANSWER.items()],
        "lines": list(lines.values()),
        "differences": about.differences({name: config}),
        "inputs": about.inputs([config]),
        "drawn": about.drawn([config]),
        "making": about.making(made),
        "figures": figures.inlined(folder / "figures", _drawn(folder / "figures", lines, (name, held))),
    }


def _line(row: Row) -> Line:
    numbers = {column: _number(row, column) for column in ("median", "low_90", "high_90")}
    unit = "" if row.unit in ("date", "share") else row.unit
    return Line(row.name, row.definition, unit, numbers["median"], numbers["low_90"], numbers["high_90"])


def _number(row: Row, column: str) -> Number:
    place, value = {"table": "summary", "headline": row.name, "column": column}, getattr(row, column)
    if row.unit == "date":
        return _month(place, value)
    if row.unit == "share":
        return percent(place, value)
    low, high = float(row.low_90), float(row.high_90)  # type: ignore[arg-type]
    return number(place, value, "plain", min(digits_between(low, high), 0) if low < high else 0)


def _month(place: dict[str, str], day: Value) -> Number:
    shown = in_words(day, known=False) if isinstance(day, date) else "never"
    return Number(shown, cell(day), "month", 0, 1, place)


def _sentence(line: Line, noun: str) -> Sentence:
    return (f"{words.first_up(noun)}: ", line.median, " in the middle run; nine runs in ten lie between ", line.low,
            " and ", line.high, ".")  # fmt: skip


def _drawn(folder: Path, lines: Mapping[str, Line], of: tuple[str, str]) -> Iterator[dict[str, str]]:
    """The figures that were drawn, in their order; some take several pages. `of`: scenario, and what bands hold."""
    name, held = of
    for stem in run_figures.FIGURES:
        title, caption = _SAYS[stem][0], _SAYS[stem][1].format(held=held)
        numbers = "; ".join(f"{what}: {_in_short(lines[headline])}" for headline, what in _ALT[stem].items())
        alt = f"{title}, in scenario {words.scenario(name)}. Middle run (nine in ten): {numbers}."
        for path in sorted(folder.glob(f"{stem}*.png")):
            yield {"file": path.stem, "title": title, "caption": caption, "alt": alt}


def _in_short(line: Line) -> str:
    interval = "" if line.low.text == line.high.text else f" ({line.low.text} to {line.high.text})"
    return f"{line.median.text}{interval}"
