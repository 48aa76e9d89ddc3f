"""The happenings of a run in words: the one place where the page's sentences about a day are written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np

from atmis.kernel import recorder
from atmis.kernel.arrays import Ints
from atmis.kernel.state import CLOSED, OVERRUN, RETAKEN
from atmis.mission import Mission
from atmis.plots.kit.dates import in_words
from atmis.plots.kit.groups import holder_names
from atmis.scenario.scenario import Scenario

Kind = Literal["plan", "base", "fall", "border", "attacks"]
_PERMILLE = 1000


@dataclass(frozen=True)
class Happening:
    """What happens on a day, in a sentence; with the zones and the base that it is about, if any, by number."""

    day: int
    kind: Kind
    text: str
    zones: tuple[int, ...] = ()
    base: int | None = None

    def told(self) -> dict[str, Any]:
        """As plain data, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}


@dataclass(frozen=True)
class Evening:
    """What a Mission holds in the evening, taken from the tables on which its agents are views."""

    control: Ints
    troops: Ints
    cells: Ints
    holders: Ints
    standings: Ints
    open_segments: Ints
    deployed: int
    next_try: Ints
    succeeded: bool

    TABLES: ClassVar = ("control", "troops", "cells", "holders", "standings", "open_segments", "deployed")

    @classmethod
    def of(cls, mission: Mission) -> "Evening":
        """Copies of the state."""
        state = mission.state
        zones, segments, manned = state.zones, state.segments, state.cells.fighters > 0
        return cls(
            control=np.rint(_PERMILLE * zones.control).astype(np.int64),
            troops=np.rint(zones.effective).astype(np.int64),
            cells=np.bincount(state.cells.zone[manned], minlength=zones.size),
            holders=state.bases.holder.astype(np.int64),
            standings=state.bases.standing.astype(np.int64),
            open_segments=segments.open.copy(),
            deployed=int(state.contingents.deployed.sum()),
            next_try=segments.next_try.copy(),
            succeeded=bool(state.run.succeeded),
        )


# --- what is dated before the run begins ---


def of_plan(scenario: Scenario) -> Iterator[Happening]:
    """What the configuration dates: pauses, offensives, shocks, the agreement, officers in Haiti."""
    plan, host, kenya = scenario.plan, scenario.host, scenario.kenya
    zones = list(scenario.theatre.zones)
    dated: list[tuple[date, str, tuple[int, ...]]] = []
    for name, phase in plan.phases.items():
        late = f", first planned for {in_words(phase.first_planned)}" if phase.first_planned else ""
        dated.append(
            (phase.start, f"By the plan, {_plain(name)} begins; it is to end on {in_words(phase.date)}{late}.", ())
        )
    for pause in plan.pauses.values():
        if pause.days:
            held = _listed([_plain(name) for name in pause.phases])
            dated.append((pause.start, f"A pause begins: the clock of {held} stops for {pause.days} days.", ()))
    for offensive in host.offensives.values():
        if offensive.intensity:
            at = tuple(zones.index(zone) for zone in offensive.zones)
            dated.append((offensive.start, f"{offensive.name} begins.", at))
            dated.append((offensive.end, f"{offensive.name}: its last day.", at))
    dated += [(shock.date, f"{shock.name}.", ()) for shock in host.shocks.values()]
    if kenya.agreement.gain:
        dated.append((kenya.agreement.start, "The agreement between the United States and Kenya takes effect.", ()))
    if kenya.haiti.officers:
        dated.append((kenya.haiti.start, f"Kenya sends {kenya.haiti.officers:,} officers to Haiti.", ()))
    for when, text, at in dated:
        if 0 <= (day := scenario.day(when)) < scenario.period.days:
            yield Happening(day, "plan", text, at)


# --- what the day brings ---


def of_day(mission: Mission, before: Evening, after: Evening) -> Iterator[Happening]:
    """What has come of the last day that was run."""
    day = mission.day - 1
    if after.succeeded and not before.succeeded and mission.inputs.plan.successor is not None:
        yield Happening(day, "plan", f"{mission.inputs.plan.successor.name} follows the mission.")
    changed = (before.holders != after.holders) | (before.standings != after.standings)
    for base in np.flatnonzero(changed).tolist():
        yield _of_base(mission, day, base, before, after)
    yield from _of_border(mission, day, before, after)
    yield from _of_attacks(mission, day)


def _of_base(mission: Mission, day: int, base: int, before: Evening, after: Evening) -> Happening:
    theatre = mission.inputs.theatre
    told = list(theatre.bases.values())[base]
    zone = list(theatre.zones).index(told.zone)
    where = f"{told.name} ({theatre.zones[told.zone].name})"
    names = holder_names(theatre)
    holder, was = names[int(after.holders[base])], names[int(before.holders[base])]
    standing = int(after.standings[base])
    if standing == OVERRUN:
        return Happening(day, "fall", f"{where} falls; it was held by {was}.", (zone,), base)
    if standing == RETAKEN:
        return Happening(day, "base", f"{where} is retaken; it is held by {holder}.", (zone,), base)
    if standing == CLOSED:
        return Happening(day, "base", f"{where} is closed; it was held by {was}.", (zone,), base)
    return Happening(day, "base", f"{where} passes from {was} to {holder}.", (zone,), base)


def _of_border(mission: Mission, day: int, before: Evening, after: Evening) -> Iterator[Happening]:
    theatre = mission.inputs.theatre
    zones = list(theatre.zones)
    for number, border in enumerate(theatre.borders.values()):
        at = (zones.index(border.kenya), zones.index(border.somalia))
        between = f"between {theatre.zones[border.kenya].name} and {theatre.zones[border.somalia].name}"
        if after.open_segments[number] > before.open_segments[number]:
            yield Happening(day, "border", f"The border opens {between}.", at)
        elif after.next_try[number] > before.next_try[number]:
            again = mission.inputs.date(int(after.next_try[number]))
            yield Happening(
                day,
                "border",
                f"Too many attacks: the border {between} stays closed; next look on {in_words(again)}.",
                at,
            )


def _of_attacks(mission: Mission, day: int) -> Iterator[Happening]:
    """The attacks of a day in a sentence, and each massed assault that a base withstood."""
    counts = mission.record.daily[recorder.DAILY_ATTACKS, day]
    if not counts.any():
        return
    theatre = mission.inputs.theatre
    names = [zone.name for zone in theatre.zones.values()]
    order = [int(zone) for zone in np.argsort(-counts, kind="stable") if counts[zone]]
    events = _events(mission, day)
    for event in events:
        if event[recorder.EVENT_ASSAULT] and not event[recorder.EVENT_OVERRUN]:
            base, zone = int(event[recorder.EVENT_BASE]), int(event[recorder.EVENT_ZONE])
            name = list(theatre.bases.values())[base].name
            yield Happening(day, "fall", f"{name} ({names[zone]}) withstands a massed assault.", (zone,), base)
    total = int(counts.sum())
    listed = ", ".join(f"{names[zone]} {counts[zone]}" for zone in order)
    deaths = events[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 4].sum()
    killed = f"; {deaths:,} killed" if deaths else "; nobody killed"
    yield Happening(day, "attacks", f"{total} {'attack' if total == 1 else 'attacks'}: {listed}{killed}.", tuple(order))


def _events(mission: Mission, day: int) -> Ints:
    """The events of a day: the last of those so far."""
    events = mission.record.events[: int(mission.record.event_count[0])]
    return events[int(np.searchsorted(events[:, recorder.EVENT_DAY], day)) :]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: list[str]) -> str:
    """One, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "no phase"
