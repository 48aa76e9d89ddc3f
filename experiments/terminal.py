"""What the commands print: progress bars on stderr, tables on stdout."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


@contextmanager
def progress_bar(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar with the time left; yields a function to call with the number of runs done."""
    console = Console(stderr=True)
    from atmis.kernel.compiled import is_compiled

    if not is_compiled():
        console.print("Compiling the rules of the model, once; this takes about half a minute.", highlight=False)
    if not console.is_terminal:
        yield lambda done: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)


class _Console(Console):
    """A console that leaves a broken pipe to the command."""

    def on_broken_pipe(self) -> None:
        """Raise the error again; Console itself would exit with 1."""
        raise BrokenPipeError


def print_table(title: str, columns: list[tuple[str, str]], rows: list[list[str]]) -> None:
    """Print a table: columns are (heading, 'left' or 'right')."""
    layout = Table(title=escape(title), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading, side in columns:
        whole = heading in ("key", "scenario")  # names to copy
        layout.add_column(
            escape(heading), justify="right" if side == "right" else "left", overflow="fold", no_wrap=whole
        )
    for row in rows:
        layout.add_row(*(escape(cell) for cell in row))
    console = _Console(highlight=False)
    if not console.is_terminal:
        console = _Console(highlight=False, width=140)
    console.print(layout)


_FAILURES_PRINTED = 20
# The headlines that are printed; summary.csv has them all.
_PRINTED = (
    "attacks_total",
    "attacks_kenyan_border_total",
    "attacks_jubaland_total",
    "attacks_over_border_total",
    "recorded_attacks_kenyan_border",
    "deaths_mission_people",
    "deaths_host_people",
    "deaths_kenya_people",
    "deaths_civilians_people",
    "bases_handed_over",
    "handed_over_bases_fallen",
    "displaced_people_new",
    "border_could_open_share",
    "ceiling_end_people",
)


def print_place(where: object, figures: bool = False) -> None:
    """Print where the files of a command are."""
    print(f"\n{'Files and figures' if figures else 'Files'}: {where}", flush=True)


def print_headline(ensemble: Any) -> None:
    """Print the short table at the end of a run: medians and intervals over the replicates."""
    from atmis.runs.summary import headline

    rows = [row for row in headline(ensemble) if row.name in _PRINTED]
    period = ensemble.scenario.period
    print_table(
        f"{ensemble.scenario.scenario.name}, {period.start} to {period.end}, {ensemble.replicates} replicates",
        [("", "left"), ("median", "right"), ("90 % of replicates", "right"), ("unit", "left"), ("what it is", "left")],
        [
            [
                r.name,
                _format_value(r.median),
                f"{_format_value(r.low_90)} to {_format_value(r.high_90)}",
                r.unit,
                r.definition,
            ]
            for r in rows
        ],
    )
    print("A scenario under stated assumptions, not a forecast.")


def print_sweep(folder: Any, study: Any, outcome: Any, precision: float = 0) -> None:
    """Print the short table at the end of a sweep: medians by scenario, and what failed."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    runs = pq.read_table(folder / "summary.parquet")
    columns_shown = (
        "attacks_total",
        "attacks_kenyan_border_total",
        "deaths_mission_people",
        "handed_over_bases_fallen",
    )
    rows = []
    for scenario in dict.fromkeys(runs["scenario"].to_pylist()):
        part = runs.filter(pc.equal(runs["scenario"], scenario))
        row = [scenario, f"{part.num_rows:,}"]
        for name in columns_shown:
            low, middle, high = np.quantile(part[name].to_numpy(), (0.05, 0.5, 0.95))
            row.append(f"{_format_value(middle)} ({_format_value(low)} to {_format_value(high)})")
        rows.append(row)
    columns = [("scenario", "left"), ("runs", "right"), *((name.replace("_", " "), "right") for name in columns_shown)]
    print_table("Median over all runs, and 90 % of them", columns, rows)
    if outcome.widest is not None:
        case = outcome.widest.case
        values = {} if case is None else {"scenario": study.scenario_of(case), **study.values(case)}
        where = f", for {' '.join(f'{key}={value}' for key, value in values.items())}" if values else ""
        print(
            f"{outcome.replicates:,} replicates of each case; widest interval +-{outcome.widest.half_width:.3g}{where}."
        )
        if outcome.widest.half_width > precision:
            print(f"precision={precision:g} is not reached within replicates={outcome.replicates}; allow more of them.")
    print_failures(outcome.failures)
    print("Scenarios under stated assumptions, not forecasts.")


# The rows of a comparison that are printed, over the whole run.
_COMPARED: tuple[tuple[str, Any], ...] = (
    ("attacks", "all"), ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("attacks", "rest"),
    ("deaths_mission", "all"), ("deaths_host", "all"), ("deaths_kenya", "all"), ("deaths_civilians", "all"),
    ("overruns", "all"), ("displaced_attacks", "all"),
)  # fmt: skip


_ONE_BY_ONE = 5  # at most so many scenarios are printed one by one


def print_comparison(comparison: Any, differing: Mapping[str, list[str]]) -> None:
    """Print the short table at the end of a comparison: mean paired differences over the run, with verdicts.

    `differing`: the parts in which each scenario differs from the baseline.
    """
    rows_by_key = {
        (row.scenario, row.indicator, row.group): row for row in comparison.differences if row.period == "whole_run"
    }
    others = list(dict.fromkeys(row.scenario for row in comparison.differences))
    if len(others) > _ONE_BY_ONE:
        _print_overview(rows_by_key, others, comparison.baseline, differing)
    else:
        for name in others:
            _print_scenario([rows_by_key[name, *key] for key in _COMPARED if (name, *key) in rows_by_key])
            print(f"What differs: {', '.join(differing[name]) or 'nothing'}.\n")
    print("Pairs of runs share all their draws. Scenarios under assumptions, not forecasts.")


def _print_scenario(rows: list[Any]) -> None:
    """Print one scenario against the baseline."""
    from atmis.plots.common import words

    cells = [
        [words.short_heading(row.indicator, row.group),
         _format_value(row.mean_baseline), _format_signed(row.mean_difference),
         "" if row.low_95 is None else f"{_format_signed(row.low_95)} to {_format_signed(row.high_95)}",
         "" if row.probability_worse is None else f"{row.probability_worse:.0%}", row.verdict]
        for row in rows
        if row.mean_difference is not None
    ]  # fmt: skip
    columns = [("", "left"), (rows[0].baseline, "right"), ("difference", "right"), ("95 % interval", "right")]
    title = f"{rows[0].scenario} against {rows[0].baseline}: means over the whole run"
    print_table(title, [*columns, ("worse in", "right"), ("verdict", "left")], cells)


def _print_overview(
    rows_by_key: dict[tuple[str, str, str], Any], others: list[str], baseline: str, differing: Mapping[str, list[str]]
) -> None:
    """Print a row for each of many scenarios, with mean differences; ? where they cannot be told from zero."""
    from atmis.plots.common import words

    columns = [key for key in _COMPARED if key[0] == "attacks" or key == ("overruns", "all")]
    rows = []
    for name in others:
        compared = [rows_by_key[name, *key] for key in columns]
        cells = [_format_signed(row.mean_difference) + " ?" * (row.verdict == "cannot tell") for row in compared]
        rows.append([name, *cells, ", ".join(differing[name])])
    headings = [(words.short_heading(*key), "right") for key in columns]
    print_table(f"Mean differences from {baseline} over the whole run; ?: cannot be told from zero",
          [("scenario", "left"), *headings, ("what differs", "left")], rows)  # fmt: skip
    print()


def _format_signed(value: float) -> str:
    if not value:
        return "0"
    return f"{'-' if value < 0 else '+'}{_format_value(abs(value))}"


def print_failures(failures: Any) -> None:
    """Print the runs that failed, the first of them one by one; nothing when none did."""
    if failures is not None:
        failed = failures.slice(0, _FAILURES_PRINTED).to_pylist()
        rows = [[str(row["run"]), row["scenario"], row["kind"], row["message"], row["replay"]] for row in failed]
        names = ("run", "scenario", "what", "why", "again")
        print_table(f"{failures.num_rows:,} runs failed", [(name, "left") for name in names], rows)


def _format_value(value: Any) -> str:
    if not isinstance(value, float):
        return "never" if value is None else str(value)
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"


_DRIVERS_PRINTED = 8


def print_sensitivity(analyses: Any) -> None:
    """Print what drives each difference, or each level where nothing is compared: the strongest parameters."""
    from atmis.plots.common.words import format_short

    differences = [analysis for analysis in analyses if analysis.target.what == "difference"]
    for analysis in differences or analyses:
        target = analysis.target
        of_what = target.scenario if target.baseline is None else f"{target.scenario} less {target.baseline}"
        title = f"{of_what}, {target.headline}: mean {format_short(analysis.rows[0].mean)} {target.unit}"
        rows = [
            [row.words, row.parameter_unit, row.range, *_numbers(row)] for row in analysis.ranked[:_DRIVERS_PRINTED]
        ]
        names = ("first (95 %)", "total (95 %)") if analysis.rows[0].method == "sobol" else ("mu* (95 %)", "mu")
        ends = (*names, "at its low end", "at its high end")
        print_table(
            title, [("parameter", "left"), ("unit", "left"), ("range", "left"), *((n, "right") for n in ends)], rows
        )
        print(f"{analysis.reliability}\n")
    print("Means over the ranges of a design, under its assumptions; not forecasts.")


def _numbers(row: Any) -> list[str]:
    from atmis.plots.common.words import format_short

    ways = [format_short(row.mean_at_low), format_short(row.mean_at_high)]
    if row.method == "morris":
        return [_with_ends(row.mu_star, row.mu_star_low, row.mu_star_high, ".3g"), format_short(row.mu), *ways]
    if row.total is None or row.trust == "none":
        why = "nothing differs" if row.trust == "same" else "cannot tell"
        return [why, why, *ways]
    first = _with_ends(row.first, row.first_low, row.first_high, ".2f")
    return [first, _with_ends(row.total, row.total_low, row.total_high, ".2f"), *ways]


def _with_ends(value: float, low: float | None, high: float | None, form: str) -> str:
    """A number with its interval, where it has one."""
    return f"{value:{form}}" + ("" if low is None or high is None else f" ({low:{form}} to {high:{form}})")


def print_calibration(calibrated: Any) -> None:
    """Print what was learnt, whether runs resemble the record, and whether intervals are calibrated."""
    rows = [
        [row.parameter, f"{row.low:.3g} to {row.high:.3g}", f"{row.median:.3g}", f"{row.q05:.3g} to {row.q95:.3g}",
         "" if row.informed else "not informed: the range is kept"]
        for row in calibrated.parameters
    ]  # fmt: skip
    print_table("What the record tells", [("parameter", "left"), ("range before", "right"), ("median after", "right"),
                                    ("90 % interval after", "right"), ("", "left")], rows)  # fmt: skip
    inside = sum(row.inside for row in calibrated.patterns)
    outside = [row.pattern for row in calibrated.patterns if not row.inside]
    print(f"{inside} of {len(calibrated.patterns)} patterns of the record lie in the 90 % band of runs of the draws"
          + (f"; not: {', '.join(outside)}." if outside else "."))  # fmt: skip
    worst = min(calibrated.ranks, key=lambda row: row.p_value)
    print(f"Intervals: least even ranks are those of {worst.parameter} (p = {worst.p_value:.2g}, "
          f"{len(calibrated.ranks)} parameters).")  # fmt: skip


def print_attribution(attributed: Any) -> None:
    """Print what each mechanism contributes under each reading of the evidence, as a table and in sentences."""
    from atmis.analysis.attribution import CAUTION
    from atmis.report.attribution import chance_sentence, sentences

    change = attributed[0].change
    rows = [
        [rows[0].words, *(_contributed(row.contribution, row.verdict, change) for row in rows)]
        for rows in zip(*(result.contributions for result in attributed), strict=True)
    ]
    together = [_contributed(result.change.explained, result.change.explained_verdict, change) for result in attributed]
    columns = [("mechanism", "left"), *((result.change.evidence, "right") for result in attributed)]
    print(f"{change.scenario}, {change.indicator}, {change.group}, {change.window}: contributions in {change.unit}.")
    print_table("?: cannot be told from zero", columns, [*rows, ["all together", *together]])
    for result in attributed:
        print("\n" + "\n".join(sentences(result)))
    print(f"\n{chance_sentence(change)}\n{CAUTION}")


def _contributed(mean: float, verdict: str, change: Any) -> str:
    from atmis.report.attribution import format_contribution

    return format_contribution(mean, change) + " ?" * (verdict == "cannot tell")


_HISTORIES = {"last_12_months": "12 mo.", "last_24_months": "24 mo.", "all_history": "all",
              "last_month": "last", "negative_binomial": "season"}  # fmt: skip


def print_backtest(scores: Any) -> None:
    """Print CRPS of the model and of every baseline by zone and sum of zones, skill over the best, and verdicts."""
    several = len({row.fit_to for row in scores}) > 1
    totals = [row for row in scores if not several or row.fit_to == "all"]
    rows = [row for row in scores if row in totals or row.kind != "zone"]
    firsts = {(row.fit_to, row.observed_mean, row.model_crps): row for row in reversed(rows)}
    rows = [row for row in rows if row.kind == "zone" or row in firsts.values()]  # a sum of the same zones only once
    numbers = ("n", "came", "bias", "model", *_HISTORIES.values(), "50 %", "90 %")
    names = [("", "left"), *([("fit to", "left")] if several else []), *((name, "right") for name in numbers)]
    print_table(
        "Attacks on record by month: mean CRPS of the model and of forecasts from history (smaller is better)",
        [*names, ("skill over the best", "right")],
        [[row.zone, *([row.fit_to] if several else []), *_scored(row)] for row in rows],
    )
    print(
        "n: months; came: mean count; bias: of the mean; 50 %, 90 %: months in these bands; skill: with 95 % interval"
    )
    for verdict in dict.fromkeys(row.verdict for row in totals):
        print(f"{verdict}: {', '.join(row.zone for row in rows if row in totals and row.verdict == verdict)}")


def _scored(row: Any) -> list[str]:
    crps = [row.model_crps, *(getattr(row, f"{name}_crps") for name in _HISTORIES)]
    shown = ["-" if value is None else f"{value:.2f}" for value in crps]
    interval = "" if row.skill_low_95 is None else f" ({row.skill_low_95:+.2f} to {row.skill_high_95:+.2f})"
    skill = "-" if row.skill is None else f"{row.skill:+.2f}{interval}"
    counts = [str(row.n_months), f"{row.observed_mean:.2f}", f"{row.bias:+.2f}"]
    return [*counts, *shown, f"{row.coverage_50:.0%}", f"{row.coverage_90:.0%}", skill]


def print_scorecard(rows: Any) -> None:
    """Print every figure of every regularity, failures first, and how many pass."""
    from atmis.analysis.scorecard import markdown

    numbers = ("figure", "median of runs", "90 % of runs")
    columns = [(name, "right" if name in numbers else "left") for name in markdown.HEAD]
    print_table("Regularities and runs, failures first", columns, markdown.table_cells(rows))
    print(markdown.summary(rows))
