"""Paired differences of every indicator, group of zones and part of the run: tidy rows."""

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

_Both = tuple[Ensemble, Ensemble]  # baseline, scenario


@dataclass(frozen=True)
class _Where:
    """What is compared, where and when."""

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
class Difference(Paired, _Where):
    """One row: what differs between a scenario and a baseline."""

    worse: Worse = field(metadata=column("", "which direction is worse: more, fewer, or neither"))
    probability_worse: float | None = field(
        metadata=column("share", "share of pairs in which the scenario is worse; ties count half")
    )


COLUMNS: dict[str, tuple[str, str]] = {
    one.name: (one.metadata["unit"], one.metadata["what"]) for one in fields(Difference)
}


def compare(ensembles: Mapping[str, Ensemble], baseline: str, only: Collection[str] = ()) -> list[Difference]:
    """Rows for each ensemble but the baseline, in their order; the names are those under which they are shown.

    `only`: just these indicators, and just over the whole run; none: all, over all parts of the run. Raises ValueError
    when one has no replicates in common with the baseline.
    """
    base = ensembles[baseline]
    pairs = {name: pair(base, other) for name, other in ensembles.items() if name != baseline}
    found = _Found({})
    return [
        row
        for name, both in pairs.items()
        for row in _rows({"scenario": name, "baseline": baseline}, both, found, only)
    ]


@dataclass(frozen=True)
class _Found:
    """Values of the baseline, which are the same for each scenario: by indicator, part of the run and replicates."""

    known: dict[tuple[str, date, date, int], ByGroup]

    def of(self, indicator: Indicator, baseline: Ensemble, span: Span) -> ByGroup:
        key = (indicator.name, span.start, span.end, baseline.replicates)
        if key not in self.known:
            self.known[key] = indicator.function(baseline, span)
        return self.known[key]


def _rows(names: dict[str, Any], both: _Both, found: _Found, only: Collection[str]) -> Iterator[Difference]:
    parts = [whole_run(both[0])] if only else spans(*both)
    for indicator in [INDICATORS[name] for name in only or INDICATORS]:
        for span in parts[:1] if indicator.whole_run_only else parts:
            before, after = found.of(indicator, both[0], span), indicator.function(both[1], span)
            yield from _groups(names, indicator, span, (before, after))


def _groups(
    names: dict[str, Any], indicator: Indicator, span: Span, both: tuple[ByGroup, ByGroup]
) -> Iterator[Difference]:
    before, after = both
    for group, values in before.items():
        found: dict[str, Any] = vars(paired(values, after[group]))
        yield Difference(
            **names,
            indicator=indicator.name,
            unit=indicator.unit,
            group=group,
            period=span.name,
            period_start=span.start,
            period_end=span.end,
            **found,
            worse=indicator.worse,
            probability_worse=indicator.probability_worse(found["probability_more"]),
        )
