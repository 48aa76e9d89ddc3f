"""Paired differences for every indicator, group of zones and part of the run, as tidy rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from atmis.analysis.comparison.indicators import INDICATORS, ByGroup, Indicator, Worse
from atmis.analysis.comparison.paired import Paired, paired
from atmis.analysis.comparison.spans import Span, pair, spans, whole_run
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group
from atmis.storage.tables import column

_EnsemblePair = tuple[Ensemble, Ensemble]  # baseline, scenario


@dataclass(frozen=True)
class _ComparisonKey:
    """Key of a row: what is compared, where and when."""

    scenario: str = field(metadata=column("", "what is compared"))
    baseline: str = field(metadata=column("", "what it is compared with"))
    indicator: str = field(metadata=column("", "name of the indicator"))
    unit: str = field(metadata=column("", "unit of the indicator, and of all columns that say so"))
    group: Group = field(
        metadata=column("", "group of zones: all, kenyan_border, jubaland, rest, or somalia (the last two together)")
    )
    period: str = field(metadata=column("", "part of the run: whole_run, a calendar year, or since_difference"))
    period_start: date = field(metadata=column("date", "first day of that part"))
    period_end: date = field(metadata=column("date", "last day of that part"))


@dataclass(frozen=True)
class Difference(Paired, _ComparisonKey):
    """One row: the difference between a scenario and a baseline."""

    worse: Worse = field(metadata=column("", "which direction is worse: more, fewer, or neither"))
    probability_worse: float | None = field(
        metadata=column("share", "share of pairs in which the scenario is worse; ties count half")
    )


COLUMNS: dict[str, tuple[str, str]] = {
    item.name: (item.metadata["unit"], item.metadata["what"]) for item in fields(Difference)
}


def compare(ensembles: Mapping[str, Ensemble], baseline: str, only: Collection[str] = ()) -> list[Difference]:
    """Paired differences of each ensemble from the baseline, pair by pair of replicates.

    Parameters
    ----------
    ensembles : mapping of str to Ensemble
        Ensembles by the name to show, all with the seed, period and zones of the baseline.
    baseline : str
        Name of the ensemble that the others are compared with.
    only : collection of str, optional
        Indicators to compare, over the whole run alone. Default: all, over all parts of the run (see `spans`).

    Returns
    -------
    list of Difference
        Rows by ensemble, indicator, part of the run and group of zones, each with its unit.

    Raises
    ------
    ValueError
        When an ensemble has no replicates in common with the baseline.

    Examples
    --------
    Two ensembles without any runs, one of them with attacks written in:

    >>> import atmis
    >>> from atmis.runs import ensemble, inputs
    >>> run_inputs = inputs.RunInputs.of(atmis.load("planned"))
    >>> quiet, eventful = (ensemble.blank(run_inputs, seed=1, runs=3) for _ in range(2))
    >>> eventful.indicator("attacks")[:, 0, 0] = [4.0, 6.0, 5.0]  # month 0, zone 0
    >>> row, *_ = compare({"a": quiet, "b": eventful}, "a", only=["attacks"])
    >>> row.scenario, row.group, row.replicates, row.mean_difference, row.verdict
    ('b', 'all', 3, 5.0, 'more')
    """
    pairs = {name: pair(ensembles[baseline], other) for name, other in ensembles.items() if name != baseline}
    cache = _BaselineValues({})
    names = [{"scenario": name, "baseline": baseline} for name in pairs]
    return [row for key, both in zip(names, pairs.values()) for row in _rows(key, both, cache, only)]


@dataclass(frozen=True)
class _BaselineValues:
    """Cache of the values of the baseline, which are the same for each scenario.

    The key is the indicator, the part of the run (first and last day), and the number of replicates.
    """

    known: dict[tuple[str, date, date, int], ByGroup]

    def values(self, indicator: Indicator, baseline: Ensemble, span: Span) -> ByGroup:
        """Values of an indicator over a span, counted once."""
        key = (indicator.name, span.start, span.end, baseline.replicates)
        if key not in self.known:
            self.known[key] = indicator.function(baseline, span)
        return self.known[key]


def _rows(
    names: dict[str, Any], both: _EnsemblePair, cache: _BaselineValues, only: Collection[str]
) -> Iterator[Difference]:
    parts = [whole_run(both[0])] if only else spans(*both)
    for indicator in [INDICATORS[name] for name in only or INDICATORS]:
        for span in parts[:1] if indicator.whole_run_only else parts:
            before, after = cache.values(indicator, both[0], span), indicator.function(both[1], span)
            yield from _group_rows(names, indicator, span, (before, after))


def _group_rows(
    names: dict[str, Any], indicator: Indicator, span: Span, both: tuple[ByGroup, ByGroup]
) -> Iterator[Difference]:
    before, after = both
    for group, values in before.items():
        statistics: dict[str, Any] = vars(paired(values, after[group]))
        yield Difference(
            **names,
            indicator=indicator.name,
            unit=indicator.unit,
            group=group,
            period=span.name,
            period_start=span.start,
            period_end=span.end,
            **statistics,
            worse=indicator.worse,
            probability_worse=indicator.probability_worse(statistics["probability_more"]),
        )
