"""Sentences written from the rows of a comparison; none claims a direction that the verdict of its row does not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from atmis.analysis.comparison import Difference, Spillover, Verdict
from atmis.plots.common import words
from atmis.report.numbers import Form, Name, Number, Part, Sentence, digits_between, digits_of, number, percent
from atmis.runs.summary import Group

Rows = Mapping[tuple[str, str, Group], Difference]  # by scenario, indicator and group, over the whole run
IndicatorGroup = tuple[str, Group]  # an indicator and a group of zones

# The indicators of the answer and of the overview table.
ANSWER: tuple[IndicatorGroup, ...] = (
    ("attacks", "all"), ("attacks", "kenyan_border"), ("deaths_without_group", "all"), ("deaths_mission", "all"),
    ("displaced", "all"), ("overruns", "all"),
)  # fmt: skip
MAX_LISTED = 3  # most scenarios that the answer describes one by one


class _Wording(NamedTuple):
    """Words for more and fewer of a unit, and the scale of its numbers."""

    unit: str = ""
    more: str = "more"
    fewer: str = "fewer"
    scale: int = 1


_WORDINGS = {
    "months": _Wording(" months", "later", "sooner"),
    "share": _Wording(" percentage points", fewer="less", scale=100),
    "troops": _Wording(" troops"),
}


class FormattedDifference(NamedTuple):
    """A row of a comparison with its numbers formatted for a sentence or a table."""

    row: Difference

    def number(self, column: str, form: Form = "plain") -> Number:
        """The number in a column, rounded like all numbers of the row."""
        wording = _wording(self.row)
        digits = digits_of(self.row) - (2 if wording.scale == 100 else 0)
        return number(self._location(column), getattr(self.row, column), form, digits, wording.scale)

    def percent(self, column: str, digits: int = 0) -> Number:
        """A share in a column, in percent."""
        return percent(self._location(column), getattr(self.row, column), digits)

    def pairs(self) -> Sentence:
        """The number of pairs of runs in words."""
        count = number(self._location("replicates"), self.row.replicates, "plain")
        return count, " pair of runs" if self.row.replicates == 1 else " pairs of runs"

    @property
    def unit(self) -> str:
        """The unit after a level of the row in a table."""
        return {"months": " months", "share": "\N{NO-BREAK SPACE}%"}.get(self.row.unit, "")

    @property
    def step(self) -> str:
        """The unit after a difference of the row in a table."""
        return {"months": " months", "share": " points"}.get(self.row.unit, "")

    @property
    def heading(self) -> str:
        """Indicator and group of the row in words."""
        return words.short_heading(self.row.indicator, self.row.group)

    def _location(self, column: str) -> dict[str, str]:
        row = self.row
        return {
            "table": "comparison",
            "scenario": row.scenario,
            "indicator": row.indicator,
            "group": row.group,
            "period": row.period,
            "column": column,
        }


def describe_difference(row: Difference) -> Sentence:
    """The finding of a row in a sentence or two."""
    difference = FormattedDifference(row)
    if row.verdict == "undefined":
        return ("There is nothing to compare: in no pair of runs do both have a value.",)
    if row.verdict == "no difference":
        return ("There is no difference: over ", *difference.pairs(), " both are always equal.")
    if row.low_95 is None:
        return ("Cannot tell: one pair of runs alone gives no interval.",)
    if row.verdict == "cannot tell":
        return (*_unclear_sentence(difference), *_worse_clause(difference))
    return (*_clear_sentence(difference), *_worse_clause(difference))


def _unclear_sentence(difference: FormattedDifference) -> Sentence:
    low, mean, high = (difference.number(column, "signed") for column in ("low_95", "mean_difference", "high_95"))
    unit = _wording(difference.row).unit
    return (
        "Cannot tell: the mean difference is ", mean, unit, ", and its 95\N{NO-BREAK SPACE}% interval, ", low, " to ",
        high, ", includes zero.",
    )  # fmt: skip


def _clear_sentence(difference: FormattedDifference) -> Sentence:
    row, wording = difference.row, _wording(difference.row)
    word = wording.fewer if row.verdict == "fewer" else wording.more
    scenario, baseline = difference.number("mean_scenario"), difference.number("mean_baseline")
    levels: Sentence = (scenario, " instead of ", baseline, difference.unit)
    share: Sentence = ()
    if row.relative_difference is not None and wording.scale == 1 and row.unit != "months":
        share = (", ", difference.percent("relative_difference", 1), f" {word}")
    return (
        *_mean_size(row),
        f"{wording.unit} {word} on average (95\N{NO-BREAK SPACE}% interval ",
        *_interval_sizes(difference),
        "): ",
        *levels,
        *share,
        ".",
    )


def _mean_size(row: Difference) -> Sentence:
    return (FormattedDifference(row).number("mean_difference", "size"),)


def _interval_sizes(difference: FormattedDifference) -> Sentence:
    """The interval of a difference with a clear direction as absolute sizes, the smaller first."""
    columns = ("low_95", "high_95") if difference.row.verdict == "more" else ("high_95", "low_95")
    return difference.number(columns[0], "size"), " to ", difference.number(columns[1], "size")


def _worse_clause(difference: FormattedDifference) -> Sentence:
    if difference.row.probability_worse is None:
        return ()
    share = difference.percent("probability_worse")
    return (" ", Name(difference.row.scenario), " is the worse one in ", share, " of the pairs.")


def _wording(row: Difference) -> _Wording:
    return _WORDINGS.get(row.unit, _Wording())


# --- The answer ---


def answer_sentences(rows: Rows, scenarios: Sequence[str]) -> list[Sentence]:
    """The answer in a few sentences: by scenario where scenarios are few, else by indicator."""
    if all(row.verdict in ("no difference", "undefined") for row in rows.values()):
        return [_no_difference_sentence(rows, scenarios)]
    if len(scenarios) <= MAX_LISTED:
        return [_scenario_sentence(rows, scenario) for scenario in scenarios]
    panels = [[rows[scenario, *key] for scenario in scenarios if (scenario, *key) in rows] for key in ANSWER]
    return [_indicator_sentence(panel) for panel in panels if panel]


def _relative_change(row: Difference) -> Sentence:
    """The difference of a row relative to the baseline, in brackets."""
    if row.relative_difference is None:
        return ()
    return (" (", FormattedDifference(row).percent("relative_difference", 1), ")")


def _no_difference_sentence(rows: Rows, scenarios: Sequence[str]) -> Sentence:
    row = next(row for row in rows.values() if row.verdict == "no difference")
    names = _join_items([(Name(scenario),) for scenario in scenarios])
    return (
        "There is no difference between ", *names, " and ", Name(row.baseline), ": over ",
        *FormattedDifference(row).pairs(), " whatever is compared is always equal.",
    )  # fmt: skip


def _scenario_sentence(rows: Rows, scenario: str) -> Sentence:
    own_rows = [rows[scenario, *key] for key in ANSWER if (scenario, *key) in rows]
    by_verdict = {verdict: [row for row in own_rows if row.verdict == verdict] for verdict in get_args(Verdict)}
    unclear, equal = by_verdict["cannot tell"], by_verdict["no difference"]
    parts: list[Part] = ["Under ", Name(scenario)]
    clear = by_verdict["fewer"] + by_verdict["more"]
    changed = [(*_mean_size(row), f" {row.verdict} {_indicator_phrase(row)}", *_relative_change(row)) for row in clear]
    if changed:
        baseline, pairs = Name(own_rows[0].baseline), FormattedDifference(own_rows[0]).pairs()
        parts += [" there are ", *_join_items(changed), " than under ", baseline, ", on average over ", *pairs]
    if unclear:
        parts += ["; " if changed else " ", f"one cannot tell a difference in {_indicator_phrases(unclear)}"]
    if equal:
        parts += ["; " if changed or unclear else " ", f"there is no difference in {_indicator_phrases(equal)}"]
    return (*parts, ".")


def _indicator_sentence(panel: Sequence[Difference]) -> Sentence:
    """An indicator over many scenarios: how many have fewer or more, and which one by the most."""
    by_verdict = {verdict: [row for row in panel if row.verdict == verdict] for verdict in get_args(Verdict)}
    clauses = [_direction_clause(by_verdict[verdict]) for verdict in ("fewer", "more") if by_verdict[verdict]]
    if by_verdict["cannot tell"]:
        clauses.append(("for ", _count(by_verdict["cannot tell"]), " one cannot tell"))
    if by_verdict["no difference"]:
        clauses.append(("for ", _count(by_verdict["no difference"]), " there is no difference"))
    joined = [part for clause in clauses for part in (*clause, "; ")]
    return (f"{words.capitalise(_indicator_phrase(panel[0]))}: ", *joined[:-1], ".")


def _direction_clause(rows: Sequence[Difference]) -> Sentence:
    """How many scenarios have more or fewer, and which one by the most."""
    most = max(rows, key=lambda row: abs(row.mean_difference or 0.0))
    has = " scenario has " if len(rows) == 1 else " scenarios have "
    return (_count(rows), f"{has}{most.verdict} than ", Name(most.baseline), ", ", Name(most.scenario),
            " by the most, ", *_mean_size(most), *_relative_change(most))  # fmt: skip


def _count(rows: Sequence[Difference]) -> Number:
    """The number of scenarios with the verdict that rows of one indicator and group share."""
    row = rows[0]
    place = {"table": "comparison", "indicator": row.indicator, "group": row.group, "period": row.period,
             "verdict": row.verdict, "column": "count"}  # fmt: skip
    return number(place, len(rows), "plain")


def _indicator_phrase(row: Difference) -> str:
    where = {
        "all": "",
        "rest": " in the rest of south-central Somalia",
        "kenyan_border": " in the Kenyan border counties",
    }
    return words.indicator_name(row.indicator) + where.get(row.group, f" in {words.GROUP_NAMES[row.group]}")


def _join_items(items: Sequence[Sentence]) -> Sentence:
    """Items joined by commas, the last one by `and`."""
    parts: list[Part] = []
    for k, item in enumerate(items):
        parts += ["" if k == 0 else " and " if k == len(items) - 1 else ", ", *item]
    return tuple(part for part in parts if part != "")


def _indicator_phrases(rows: Sequence[Difference]) -> str:
    items = [_indicator_phrase(row) for row in rows]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


# --- Spill-over ---


def describe_spillover(row: Spillover) -> Sentence:
    """The change on the Kenyan side for each attack on the Somali side, in a sentence."""
    if row.ratio is None or row.low_95 is None or row.high_95 is None:
        return ("The ratio is not defined: the change on the Somali side cannot be told from zero.",)
    place = {"table": "spillover", "scenario": row.scenario, "indicator": row.indicator, "somali_side": row.somali_side,
             "period": row.period}  # fmt: skip
    digits = digits_between(row.low_95, row.high_95)
    ratio, low, high = (
        number(place | {"column": column}, getattr(row, column), "signed", digits)
        for column in ("ratio", "low_95", "high_95")
    )
    ratio_clause: Sentence = ("the ratio is ", ratio, " (95\N{NO-BREAK SPACE}% interval ", low, " to ", high, ")")
    direction = "more" if row.somali_change > 0 else "fewer"
    if row.low_95 <= 0.0 <= row.high_95:
        return (
            "Cannot tell whether attacks on the Kenyan side change with those on the Somali side: ",
            *ratio_clause,
            ".",
        )
    other_direction = direction if row.ratio > 0 else {"more": "fewer", "fewer": "more"}[direction]
    size = number(place | {"column": "ratio"}, row.ratio, "size", digits)
    return (f"For each attack {direction} on the Somali side there are ", size,
            f" {other_direction} on the Kenyan side: ", *ratio_clause, ".")  # fmt: skip
