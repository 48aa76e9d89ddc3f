"""A scorecard in Markdown: all of it, and a row for each regularity."""

from collections.abc import Sequence

from atmis.analysis.scorecard.rows import FAIL, NEITHER, PASS, Scored

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
MOST = 2  # failures of a regularity that the short table names
STAR = "*"  # of what overlaps the hold-out


def figure(value: float) -> str:
    """A number in about three digits, below a tenth in two."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 0.1 else f"{value:.2g}"


def target(row: Scored) -> str:
    """The figure of a row as the ledger has it, or its range."""
    if row.target_low is None or row.target_high is None:
        return "in words"
    low, high = f"{row.target_low:g}", f"{row.target_high:g}"
    return low if low == high else f"{low} to {high}"


def band(row: Scored) -> str:
    """The band of the runs."""
    return "" if row.low is None or row.high is None else f"{figure(row.low)} to {figure(row.high)}"


def starred(row: Scored) -> str:
    """The number of the regularity, with a star where its figure overlaps the hold-out."""
    return row.regularity + STAR * row.overlaps_hold_out


def about(rows: Sequence[Scored]) -> str:
    """What stands above a table."""
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in (PASS, FAIL, NEITHER)}
    runs = max(row.runs for row in rows)
    first = next(row for row in rows if row.runs)
    return (
        f"{count[PASS]} figures pass, {count[FAIL]} fail, {count[NEITHER]} cannot be compared. "
        f"Pass: the figure lies in the 90 % band of {runs} runs ({first.scenario}; draws: {first.draws}). "
        f"{STAR}: measured on months that reach beyond March 2022, a check of shape. "
        f"{IN_SAMPLE} Nothing was tuned by this table."
    )


def whole(rows: Sequence[Scored]) -> str:
    """A table with every row, failures first."""
    return f"{about(rows)}\n\n{_table(HEAD, cells(rows))}"


def cells(rows: Sequence[Scored]) -> list[list[str]]:
    """The cells below HEAD."""
    return [
        [starred(row), row.verdict, row.what, target(row), "" if row.median is None else figure(row.median), band(row),
         row.unit, row.why]
        for row in rows
    ]  # fmt: skip


def brief(rows: Sequence[Scored]) -> str:
    """A table with a row for each regularity, those that fail first, with a few of the failures."""
    of = {
        number: [row for row in rows if row.regularity == number]
        for number in dict.fromkeys(one.regularity for one in rows)
    }
    head = ["", "regularity", "pass", "fail", "not compared", "what fails: figure against 90 % of runs"]
    return f"{about(rows)}\n\n{_table(head, [_brief(mine) for mine in of.values()])}"


def _brief(rows: Sequence[Scored]) -> list[str]:
    counts = [str(sum(row.verdict == verdict for row in rows)) for verdict in (PASS, FAIL, NEITHER)]
    failed = [f"{row.what}: {target(row)} against {band(row) or 'nothing'}" for row in rows if row.verdict == FAIL]
    more = [f"and {len(failed) - MOST} more"] if len(failed) > MOST else []
    number = rows[0].regularity + STAR * all(row.overlaps_hold_out for row in rows)
    why = "; ".join(dict.fromkeys(row.why for row in rows)) if all(row.verdict == NEITHER for row in rows) else ""
    return [number, TITLES[rows[0].regularity], *counts, "; ".join([*failed[:MOST], *more]) or why]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)
