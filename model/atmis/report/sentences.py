"""Sentences written from the rows of a comparison. None says a direction that the verdict of its row does not say."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from atmis.analysis.comparison import Difference, Spillover, Verdict
from atmis.plots.kit import words
from atmis.report.numbers import Form, Name, Number, Part, Sentence, digits_between, digits_of, number, percent
from atmis.runs.summary import Group

Rows = Mapping[tuple[str, str, Group], Difference]  # by scenario, indicator and group, over the whole run
What = tuple[str, Group]  # an indicator and a group of zones

# What the answer and the table over all scenarios tell of.
ANSWER: tuple[What, ...] = (
    ("attacks", "all"), ("attacks", "kenyan_border"), ("deaths_without_group", "all"), ("deaths_mission", "all"),
    ("displaced", "all"), ("overruns", "all"),
)  # fmt: skip
FEW = 3  # scenarios of which the answer speaks one by one


class _Way(NamedTuple):
    """How to speak of more and fewer of a unit."""

    unit: str = ""
    more: str = "more"
    fewer: str = "fewer"
    scale: int = 1


_WAYS = {
    "months": _Way(" months", "later", "sooner"),
    "share": _Way(" percentage points", fewer="less", scale=100),
    "troops": _Way(" troops"),
}


class Told(NamedTuple):
    """The numbers of a row, ready for a sentence or a table."""

    row: Difference

    def number(self, column: str, form: Form = "plain") -> Number:
        """The number in a column, rounded as all of the row."""
        way = _way(self.row)
        digits = digits_of(self.row) - (2 if way.scale == 100 else 0)
        return number(self._place(column), getattr(self.row, column), form, digits, way.scale)

    def percent(self, column: str, digits: int = 0) -> Number:
        """A share in a column, in percent."""
        return percent(self._place(column), getattr(self.row, column), digits)

    def pairs(self) -> Sentence:
        """How many pairs of runs."""
        shown = number(self._place("replicates"), self.row.replicates, "plain")
        return shown, " pair of runs" if self.row.replicates == 1 else " pairs of runs"

    @property
    def unit(self) -> str:
        """What stands behind a level of the row in a table."""
        return {"months": " months", "share": "\N{NO-BREAK SPACE}%"}.get(self.row.unit, "")

    @property
    def step(self) -> str:
        """What stands behind a difference of the row in a table."""
        return {"months": " months", "share": " points"}.get(self.row.unit, "")

    @property
    def heading(self) -> str:
        """What the row is of."""
        return words.place(self.row.indicator, self.row.group)

    def _place(self, column: str) -> dict[str, str]:
        row = self.row
        return {
            "table": "comparison",
            "scenario": row.scenario,
            "indicator": row.indicator,
            "group": row.group,
            "period": row.period,
            "column": column,
        }


def finding(row: Difference) -> Sentence:
    """What a row says, in a sentence or two."""
    told = Told(row)
    if row.verdict == "undefined":
        return ("There is nothing to compare: in no pair of runs do both have a value.",)
    if row.verdict == "no difference":
        return ("There is no difference: over ", *told.pairs(), " both are always equal.")
    if row.low_95 is None:
        return ("Cannot tell: one pair of runs alone gives no interval.",)
    if row.verdict == "cannot tell":
        return (*_untold(told), *_worse(told))
    return (*_told(told), *_worse(told))


def _untold(told: Told) -> Sentence:
    low, mean, high = (told.number(column, "signed") for column in ("low_95", "mean_difference", "high_95"))
    unit = _way(told.row).unit
    return (
        "Cannot tell: the mean difference is ", mean, unit, ", and its 95\N{NO-BREAK SPACE}% interval, ", low, " to ",
        high, ", includes zero.",
    )  # fmt: skip


def _told(told: Told) -> Sentence:
    row, way = told.row, _way(told.row)
    word = way.fewer if row.verdict == "fewer" else way.more
    levels: Sentence = (told.number("mean_scenario"), " instead of ", told.number("mean_baseline"), told.unit)
    share: Sentence = ()
    if row.relative_difference is not None and way.scale == 1 and row.unit != "months":
        share = (", ", told.percent("relative_difference", 1), f" {word}")
    return (
        *_size(told),
        f"{way.unit} {word} on average (95\N{NO-BREAK SPACE}% interval ",
        *_interval(told),
        "): ",
        *levels,
        *share,
        ".",
    )


def _size(told: Told) -> Sentence:
    return (told.number("mean_difference", "size"),)


def _interval(told: Told) -> Sentence:
    """The interval of a difference that has a direction, as sizes, the smaller first."""
    columns = ("low_95", "high_95") if told.row.verdict == "more" else ("high_95", "low_95")
    return told.number(columns[0], "size"), " to ", told.number(columns[1], "size")


def _worse(told: Told) -> Sentence:
    if told.row.probability_worse is None:
        return ()
    return (" ", Name(told.row.scenario), " is the worse one in ", told.percent("probability_worse"), " of the pairs.")


def _way(row: Difference) -> _Way:
    return _WAYS.get(row.unit, _Way())


# --- The answer ---


def answer(rows: Rows, scenarios: Sequence[str]) -> list[Sentence]:
    """The answer in a few sentences: scenario by scenario where they are few, else indicator by indicator."""
    if all(row.verdict in ("no difference", "undefined") for row in rows.values()):
        return [_all_alike(rows, scenarios)]
    if len(scenarios) <= FEW:
        return [_of_scenario(rows, scenario) for scenario in scenarios]
    found = [[rows[scenario, *what] for scenario in scenarios if (scenario, *what) in rows] for what in ANSWER]
    return [_of_indicator(panel) for panel in found if panel]


def _share(row: Difference) -> Sentence:
    """By what part of the baseline a row differs, in brackets."""
    return (" (", Told(row).percent("relative_difference", 1), ")") if row.relative_difference is not None else ()


def _all_alike(rows: Rows, scenarios: Sequence[str]) -> Sentence:
    row = next(row for row in rows.values() if row.verdict == "no difference")
    names = _listed([(Name(scenario),) for scenario in scenarios])
    return (
        "There is no difference between ", *names, " and ", Name(row.baseline), ": over ", *Told(row).pairs(),
        " whatever is compared is always equal.",
    )  # fmt: skip


def _of_scenario(rows: Rows, scenario: str) -> Sentence:
    shown = [rows[scenario, *what] for what in ANSWER if (scenario, *what) in rows]
    told = {verdict: [row for row in shown if row.verdict == verdict] for verdict in ("fewer", "more", "cannot tell")}
    alike = [row for row in shown if row.verdict == "no difference"]
    parts: list[Part] = ["Under ", Name(scenario)]
    moved = told["fewer"] + told["more"]
    changed = [(*_size(Told(row)), f" {row.verdict} {_noun(row)}", *_share(row)) for row in moved]
    if changed:
        parts += [" there are ", *_listed(changed), " than under ", Name(shown[0].baseline), ", on average over ",
                  *Told(shown[0]).pairs()]  # fmt: skip
    if told["cannot tell"]:
        parts += [
            "; " if changed else " ",
            f"one cannot tell a difference in {_and([_noun(row) for row in told['cannot tell']])}",
        ]
    if alike:
        parts += ["; " if changed or told["cannot tell"] else " ",
                  f"there is no difference in {_and([_noun(row) for row in alike])}"]  # fmt: skip
    return (*parts, ".")


def _of_indicator(panel: Sequence[Difference]) -> Sentence:
    """An indicator over many scenarios: how many have fewer and more, and which by the most."""
    by_verdict = {verdict: [row for row in panel if row.verdict == verdict] for verdict in get_args(Verdict)}
    clauses = [_moved(by_verdict[verdict]) for verdict in ("fewer", "more") if by_verdict[verdict]]
    if by_verdict["cannot tell"]:
        clauses.append(("for ", _count(by_verdict["cannot tell"]), " one cannot tell"))
    if by_verdict["no difference"]:
        clauses.append(("for ", _count(by_verdict["no difference"]), " there is no difference"))
    joined = [part for clause in clauses for part in (*clause, "; ")]
    return (f"{words.first_up(_noun(panel[0]))}: ", *joined[:-1], ".")


def _moved(rows: Sequence[Difference]) -> Sentence:
    """How many scenarios have more or fewer, and which by the most."""
    most = max(rows, key=lambda row: abs(row.mean_difference or 0.0))
    has = " scenario has " if len(rows) == 1 else " scenarios have "
    return (_count(rows), f"{has}{most.verdict} than ", Name(most.baseline), ", ", Name(most.scenario),
            " by the most, ", *_size(Told(most)), *_share(most))  # fmt: skip


def _count(rows: Sequence[Difference]) -> Number:
    """How many scenarios have the verdict of some rows of one indicator and group."""
    row = rows[0]
    place = {"table": "comparison", "indicator": row.indicator, "group": row.group, "period": row.period,
             "verdict": row.verdict, "column": "count"}  # fmt: skip
    return number(place, len(rows), "plain")


def _noun(row: Difference) -> str:
    where = {
        "all": "",
        "rest": " in the rest of south-central Somalia",
        "kenyan_border": " in the Kenyan border counties",
    }
    return words.indicator(row.indicator) + where.get(row.group, f" in {words.GROUPS[row.group]}")


def _listed(items: Sequence[Sentence]) -> Sentence:
    """Items with commas, and `and` before the last."""
    parts: list[Part] = []
    for k, item in enumerate(items):
        parts += ["" if k == 0 else " and " if k == len(items) - 1 else ", ", *item]
    return tuple(part for part in parts if part != "")


def _and(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


# --- Spill-over ---


def spillover(row: Spillover) -> Sentence:
    """What changes on the Kenyan side for each attack on the Somali side."""
    if row.ratio is None or row.low_95 is None or row.high_95 is None:
        return ("The ratio is not defined: the change on the Somali side cannot be told from zero.",)
    place = {"table": "spillover", "scenario": row.scenario, "indicator": row.indicator, "somali_side": row.somali_side,
             "period": row.period}  # fmt: skip
    digits = digits_between(row.low_95, row.high_95)
    ratio, low, high = (
        number(place | {"column": column}, getattr(row, column), "signed", digits)
        for column in ("ratio", "low_95", "high_95")
    )
    shown: Sentence = ("the ratio is ", ratio, " (95\N{NO-BREAK SPACE}% interval ", low, " to ", high, ")")
    way = "more" if row.somali_change > 0 else "fewer"
    if row.low_95 <= 0.0 <= row.high_95:
        return ("Cannot tell whether attacks on the Kenyan side change with those on the Somali side: ", *shown, ".")
    other = way if row.ratio > 0 else {"more": "fewer", "fewer": "more"}[way]
    size = number(place | {"column": "ratio"}, row.ratio, "size", digits)
    return (f"For each attack {way} on the Somali side there are ", size, f" {other} on the Kenyan side: ", *shown, ".")
