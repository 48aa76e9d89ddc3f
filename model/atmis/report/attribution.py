"""An attribution in sentences."""

import math
from collections.abc import Iterator, Sequence

from atmis.analysis.attribution import Attribution, Change, Contribution, Interaction
from atmis.plots.common.words import format_plain, format_signed, heading
from atmis.scenario.neutral import MECHANISMS


def sentences(attribution: Attribution) -> list[str]:
    """Sentences on an attribution under one reading of the evidence."""
    change = attribution.change
    return [
        _change_sentence(change),
        _mechanism_sentences(attribution.contributions, change),
        *_order_sentences(attribution),
    ]


def chance_sentence(change: Change) -> str:
    """A sentence on how much runs without dated events differ by chance."""
    if change.luck is None:
        return "One replicate alone tells nothing of luck, and no interval can be given."
    return (
        f"Luck alone: in runs in which nothing dated happens the mean month of {change.window} still differs from run "
        f"to run by {format_plain(change.luck)} {change.unit} (standard deviation): a rise by as much needs no cause."
    )


def format_contribution(value: float, change: Change) -> str:
    """A contribution with its sign, to about three digits of the level that it is part of; 0 is exactly nothing."""
    size = max(abs(change.level), abs(change.level_reference), 1e-3)
    return format_signed(value, min(max(2 - math.floor(math.log10(size)), 0), 4)) if value else "0"


def _change_sentence(change: Change) -> str:
    reference = "if nothing dated had happened" if change.reference == "without events" else f"in {change.reference}"
    title = heading(change.indicator, change.group)  # type: ignore[arg-type]
    text = _interval((change.change, change.change_low_95, change.change_high_95), change)
    text += ", which cannot be told from zero" if change.change_verdict == "cannot tell" else ""
    rest = f"; with all mechanisms off it is {format_contribution(change.rest, change)}" if change.rest else ""
    return (
        f"Under {change.evidence}: {title}: {format_plain(change.level)} {change.unit} in {change.window} against "
        f"{format_plain(change.level_reference)} {reference}, a change of {text}{rest}."
    )


def _mechanism_sentences(rows: Sequence[Contribution], change: Change) -> str:
    parts, tiny = [], [row for row in rows if row.verdict != "no difference" and _is_tiny(row, change)]
    for verdict, opening in (("more", "Raised by"), ("fewer", "Lowered by"), ("cannot tell", "Cannot tell")):
        selected = [row for row in rows if row.verdict == verdict and row not in tiny]
        selected.sort(key=lambda row: -abs(row.contribution))
        text = "; ".join(
            f"{row.words} {_interval((row.contribution, row.low_95, row.high_95), change)}" for row in selected
        )
        parts += [f"{opening}: {text}."] if selected else []
    for opening, selected in (
        ("Next to nothing", tiny),
        ("Exactly nothing", [row for row in rows if row.verdict == "no difference"]),
    ):
        parts += [f"{opening}: {', '.join(row.words for row in selected)}."] if selected else []
    return " ".join(parts)


def _is_tiny(row: Contribution, change: Change) -> bool:
    """Whether the whole interval is displayed as zero."""
    ends = (row.contribution, row.low_95 or 0.0, row.high_95 or 0.0)
    return not any(digit in format_contribution(end, change) for end in ends for digit in "123456789")


def _order_sentences(attribution: Attribution) -> Iterator[str]:
    pair = attribution.largest_interaction
    if pair is not None:
        yield _interaction_sentence(pair, attribution.change)
    elif attribution.interactions:
        yield "No interaction of two mechanisms can be told from zero."
    dependent = [row for row in attribution.contributions if row.order in ("more", "fewer")]
    if dependent:
        text = "; ".join(_order_clause(row, attribution.change) for row in dependent)
        yield f"Depends on the order in which mechanisms are switched on: {text}."


def _order_clause(row: Contribution, change: Change) -> str:
    alone, last = format_contribution(row.alone, change), format_contribution(row.last, change)
    return f"{row.words} {alone} with the others off, {last} with them on"


def _interaction_sentence(pair: Interaction, change: Change) -> str:
    names = " and ".join(MECHANISMS[name].words for name in (pair.mechanism, pair.other))
    text = _interval((pair.interaction, pair.low_95, pair.high_95), change)
    return f"Largest interaction: {names}, {text} beyond what each adds without the other; it is shared by halves."


def _interval(values: tuple[float, float | None, float | None], change: Change) -> str:
    mean, low, high = values
    if low is None or high is None:
        return format_contribution(mean, change)
    interval = f"{format_contribution(low, change)} to {format_contribution(high, change)}"
    return f"{format_contribution(mean, change)} ({interval})"
