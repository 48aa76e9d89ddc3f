"""An attribution in sentences."""

import math
from collections.abc import Iterator, Sequence

from atmis.analysis.attribution import Attribution, Change, Contribution, Interaction
from atmis.plots.kit.words import heading, plain, signed
from atmis.scenario.neutral import MECHANISMS


def sentences(one: Attribution) -> list[str]:
    """What the rows under one reading of the evidence say."""
    return [_of_change(one.change), _of_mechanisms(one.contributions, one.change), *_of_order(one)]


def of_luck(change: Change) -> str:
    """How much runs differ in which nothing dated happens."""
    if change.luck is None:
        return "One replicate alone tells nothing of luck, and no interval can be given."
    return (
        f"Luck alone: in runs in which nothing dated happens the mean month of {change.window} still differs from run "
        f"to run by {plain(change.luck)} {change.unit} (standard deviation): a rise by as much needs no cause."
    )


def amount(value: float, change: Change) -> str:
    """A contribution with its sign, to about three digits of the level that it is a part of; 0 is exactly nothing."""
    size = max(abs(change.level), abs(change.level_reference), 1e-3)
    return signed(value, min(max(2 - math.floor(math.log10(size)), 0), 4)) if value else "0"


def _of_change(change: Change) -> str:
    against = "if nothing dated had happened" if change.reference == "without events" else f"in {change.reference}"
    where = heading(change.indicator, change.group)  # type: ignore[arg-type]
    told = _interval((change.change, change.change_low_95, change.change_high_95), change)
    told += ", which cannot be told from zero" if change.change_verdict == "cannot tell" else ""
    rest = f"; with all mechanisms off it is {amount(change.rest, change)}" if change.rest else ""
    return (
        f"Under {change.evidence}: {where}: {plain(change.level)} {change.unit} in {change.window} against "
        f"{plain(change.level_reference)} {against}, a change of {told}{rest}."
    )


def _of_mechanisms(rows: Sequence[Contribution], change: Change) -> str:
    parts, tiny = [], [row for row in rows if row.verdict != "no difference" and _is_tiny(row, change)]
    for verdict, begin in (("more", "Raised by"), ("fewer", "Lowered by"), ("cannot tell", "Cannot tell")):
        some = [row for row in rows if row.verdict == verdict and row not in tiny]
        some.sort(key=lambda row: -abs(row.contribution))
        told = "; ".join(
            f"{row.words} {_interval((row.contribution, row.low_95, row.high_95), change)}" for row in some
        )
        parts += [f"{begin}: {told}."] if some else []
    for begin, some in (
        ("Next to nothing", tiny),
        ("Exactly nothing", [row for row in rows if row.verdict == "no difference"]),
    ):
        parts += [f"{begin}: {', '.join(row.words for row in some)}."] if some else []
    return " ".join(parts)


def _is_tiny(row: Contribution, change: Change) -> bool:
    """Whether all of the interval is shown as zero."""
    ends = (row.contribution, row.low_95 or 0.0, row.high_95 or 0.0)
    return not any(digit in amount(end, change) for end in ends for digit in "123456789")


def _of_order(one: Attribution) -> Iterator[str]:
    pair = one.largest
    if pair is not None:
        yield _of_pair(pair, one.change)
    elif one.interactions:
        yield "No interaction of two mechanisms can be told from zero."
    told = [
        f"{row.words} {amount(row.alone, one.change)} with the others off, {amount(row.last, one.change)} with them on"
        for row in one.contributions
        if row.order in ("more", "fewer")
    ]
    if told:
        yield f"Depends on the order in which mechanisms are switched on: {'; '.join(told)}."


def _of_pair(pair: Interaction, change: Change) -> str:
    names = " and ".join(MECHANISMS[name].words for name in (pair.mechanism, pair.other))
    told = _interval((pair.interaction, pair.low_95, pair.high_95), change)
    return f"Largest interaction: {names}, {told} beyond what each adds without the other; it is shared by halves."


def _interval(values: tuple[float, float | None, float | None], change: Change) -> str:
    mean, low, high = values
    if low is None or high is None:
        return amount(mean, change)
    return f"{amount(mean, change)} ({amount(low, change)} to {amount(high, change)})"
