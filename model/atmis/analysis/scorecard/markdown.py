"""A scorecard in Markdown: the full table, and a brief one with a row for each regularity."""

from collections.abc import Sequence

from atmis.analysis.scorecard.rows import FAIL, NOT_COMPARED, PASS, ScorecardRow

TITLES = {
    "R1": "Level in the Kenyan border counties",
    "R2": "Over-dispersion of counts",
    "R3": "Months without an event",
    "R4": "Memory of counts",
    "R5": "Self-excitation",
    "R6": "Gaps between events",
    "R7": "Deaths of an event, Kenya",
    "R8": "Deaths of an attack, Somalia",
    "R9": "Severity over many wars",
    "R10": "Level in Somali regions",
    "R11": "Kinds of attacks",
    "R12": "Targets in Jubaland",
    "R13": "Few bases take most attacks",
    "R14": "Several bases on one day",
    "R15": "Deaths by holder of a base",
    "R16": "Overruns for each attack on a base",
    "R17": "Before and after a handover",
    "R18": "Detection",
    "R19": "Mean and variance over regions",
    "R20": "Claims",
}
HEAD = ("", "verdict", "what", "figure", "median of runs", "90 % of runs", "unit", "why, or what is not quite alike")
IN_SAMPLE = "Parameters were set knowing R1 to R5, R7, R10 and R18, so that to pass there is no test."
MAX_FAILURES = 2  # of a regularity that the brief table names
STAR = "*"  # marks figures that overlap the hold-out


def format_number(value: float) -> str:
    """A number to about three digits, below a tenth to two."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 0.1 else f"{value:.2g}"


def format_target(row: ScorecardRow) -> str:
    """The figure of a row as the ledger gives it, or its range."""
    if row.target_low is None or row.target_high is None:
        return "in words"
    low, high = f"{row.target_low:g}", f"{row.target_high:g}"
    return low if low == high else f"{low} to {high}"


def format_band(row: ScorecardRow) -> str:
    """The band of the runs; empty where there is none."""
    return "" if row.low is None or row.high is None else f"{format_number(row.low)} to {format_number(row.high)}"


def regularity_label(row: ScorecardRow) -> str:
    """The number of the regularity, with a star where its figure overlaps the hold-out."""
    return row.regularity + STAR * row.overlaps_hold_out


def summary(rows: Sequence[ScorecardRow]) -> str:
    """The paragraph above a table: how many figures pass, and what that means."""
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in (PASS, FAIL, NOT_COMPARED)}
    runs = max(row.runs for row in rows)
    first = next(row for row in rows if row.runs)
    return (
        f"{count[PASS]} figures pass, {count[FAIL]} fail, {count[NOT_COMPARED]} cannot be compared. "
        f"Pass: the figure lies in the 90 % band of {runs} runs ({first.scenario}; draws: {first.draws}). "
        f"{STAR}: measured on months that reach beyond March 2022, a check of shape. "
        f"{IN_SAMPLE} Nothing was tuned by this table."
    )


def full_table(rows: Sequence[ScorecardRow]) -> str:
    """A table with every row, failures first."""
    return f"{summary(rows)}\n\n{_table(HEAD, table_cells(rows))}"


def table_cells(rows: Sequence[ScorecardRow]) -> list[list[str]]:
    """The rows of cells below HEAD."""
    return [
        [
            regularity_label(row),
            row.verdict,
            row.what,
            format_target(row),
            "" if row.median is None else format_number(row.median),
            format_band(row),
            row.unit,
            row.why,
        ]
        for row in rows
    ]


def brief_table(rows: Sequence[ScorecardRow]) -> str:
    """A table with a row for each regularity, those that fail first, with a few of the failures."""
    numbers = dict.fromkeys(row.regularity for row in rows)
    by_number = {number: [row for row in rows if row.regularity == number] for number in numbers}
    head = ["", "regularity", "pass", "fail", "not compared", "what fails: figure against 90 % of runs"]
    return f"{summary(rows)}\n\n{_table(head, [_brief_cells(part) for part in by_number.values()])}"


def _brief_cells(rows: Sequence[ScorecardRow]) -> list[str]:
    counts = [str(sum(row.verdict == verdict for row in rows)) for verdict in (PASS, FAIL, NOT_COMPARED)]
    failed = [
        f"{row.what}: {format_target(row)} against {format_band(row) or 'nothing'}"
        for row in rows
        if row.verdict == FAIL
    ]
    more = [f"and {len(failed) - MAX_FAILURES} more"] if len(failed) > MAX_FAILURES else []
    number = rows[0].regularity + STAR * all(row.overlaps_hold_out for row in rows)
    why = "; ".join(dict.fromkeys(row.why for row in rows)) if all(row.verdict == NOT_COMPARED for row in rows) else ""
    return [number, TITLES[rows[0].regularity], *counts, "; ".join([*failed[:MAX_FAILURES], *more]) or why]


def _failure(row: ScorecardRow) -> str:
    return f"{row.what}: {format_target(row)} against {format_band(row) or 'nothing'}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)
