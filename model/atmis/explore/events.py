"""The events of a run in words: all sentences of the page about a day are written here."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np

from atmis.kernel import recorder
from atmis.kernel.arrays import Ints
from atmis.kernel.state import CLOSED, OVERRUN, RETAKEN
from atmis.mission import Mission
from atmis.plots.common.dates import format_date
from atmis.plots.common.groups import holder_names
from atmis.scenario.scenario import Scenario

Kind = Literal["plan", "base", "fall", "border", "attacks"]
_PERMILLE = 1000


@dataclass(frozen=True)
class CourseEvent:
    """An event of a day, in a sentence, with the indices of the zones and the base that it concerns, if any."""

    day: int
    kind: Kind
    text: str
    zones: tuple[int, ...] = ()
    base: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The event as plain data, without empty fields."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}


@dataclass(frozen=True)
class DayEnd:
    """The state of a Mission at the end of a day, copied from the tables on which its agents are views."""

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
    def of(cls, mission: Mission) -> "DayEnd":
        """Copy the state of a mission."""
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


# --- dated events of the scenario ---


def plan_events(scenario: Scenario) -> Iterator[CourseEvent]:
    """Events that the configuration dates: phases, pauses, offensives, shocks, the agreement, officers in Haiti."""
    plan, host, kenya = scenario.plan, scenario.host, scenario.kenya
    zones = list(scenario.theatre.zones)
    dated: list[tuple[date, str, tuple[int, ...]]] = []
    for name, phase in plan.phases.items():
        late = f", first planned for {format_date(phase.first_planned)}" if phase.first_planned else ""
        dated.append(
            (
                phase.start,
                f"By the plan, {_in_words(name)} begins; it is to end on {format_date(phase.date)}{late}.",
                (),
            )
        )
    for pause in plan.pauses.values():
        if pause.days:
            phases = _join_names([_in_words(name) for name in pause.phases])
            dated.append((pause.start, f"A pause begins: the clock of {phases} stops for {pause.days} days.", ()))
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
            yield CourseEvent(day, "plan", text, at)


# --- events of a day ---


def day_events(mission: Mission, before: DayEnd, after: DayEnd) -> Iterator[CourseEvent]:
    """The events of the last day that was run."""
    day = mission.day - 1
    if after.succeeded and not before.succeeded and mission.inputs.plan.successor is not None:
        yield CourseEvent(day, "plan", f"{mission.inputs.plan.successor.name} follows the mission.")
    changed = (before.holders != after.holders) | (before.standings != after.standings)
    for base in np.flatnonzero(changed).tolist():
        yield _base_event(mission, day, base, before, after)
    yield from _border_events(mission, day, before, after)
    yield from _attack_events(mission, day)


def _base_event(mission: Mission, day: int, base: int, before: DayEnd, after: DayEnd) -> CourseEvent:
    """The event of a base that has changed hands or standing."""
    theatre = mission.inputs.theatre
    base_data = list(theatre.bases.values())[base]
    zone = list(theatre.zones).index(base_data.zone)
    where = f"{base_data.name} ({theatre.zones[base_data.zone].name})"
    names = holder_names(theatre)
    holder, previous = names[int(after.holders[base])], names[int(before.holders[base])]
    standing = int(after.standings[base])
    if standing == OVERRUN:
        return CourseEvent(day, "fall", f"{where} falls; it was held by {previous}.", (zone,), base)
    if standing == RETAKEN:
        return CourseEvent(day, "base", f"{where} is retaken; it is held by {holder}.", (zone,), base)
    if standing == CLOSED:
        return CourseEvent(day, "base", f"{where} is closed; it was held by {previous}.", (zone,), base)
    return CourseEvent(day, "base", f"{where} passes from {previous} to {holder}.", (zone,), base)


def _border_events(mission: Mission, day: int, before: DayEnd, after: DayEnd) -> Iterator[CourseEvent]:
    """Openings of border segments, and openings that are put off."""
    theatre = mission.inputs.theatre
    zones = list(theatre.zones)
    for number, border in enumerate(theatre.borders.values()):
        at = (zones.index(border.kenya), zones.index(border.somalia))
        between = f"between {theatre.zones[border.kenya].name} and {theatre.zones[border.somalia].name}"
        if after.open_segments[number] > before.open_segments[number]:
            yield CourseEvent(day, "border", f"The border opens {between}.", at)
        elif after.next_try[number] > before.next_try[number]:
            next_try = mission.inputs.date(int(after.next_try[number]))
            yield CourseEvent(
                day,
                "border",
                f"Too many attacks: the border {between} stays closed; next look on {format_date(next_try)}.",
                at,
            )


def _attack_events(mission: Mission, day: int) -> Iterator[CourseEvent]:
    """The attacks of a day in one sentence, and each massed assault that a base withstood."""
    counts = mission.record.daily[recorder.DAILY_ATTACKS, day]
    if not counts.any():
        return
    theatre = mission.inputs.theatre
    names = [zone.name for zone in theatre.zones.values()]
    order = [int(zone) for zone in np.argsort(-counts, kind="stable") if counts[zone]]
    attacks = _attack_rows(mission, day)
    for attack in attacks:
        if attack[recorder.EVENT_ASSAULT] and not attack[recorder.EVENT_OVERRUN]:
            base, zone = int(attack[recorder.EVENT_BASE]), int(attack[recorder.EVENT_ZONE])
            name = list(theatre.bases.values())[base].name
            yield CourseEvent(day, "fall", f"{name} ({names[zone]}) withstands a massed assault.", (zone,), base)
    total = int(counts.sum())
    listed = ", ".join(f"{names[zone]} {counts[zone]}" for zone in order)
    deaths = attacks[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 4].sum()
    killed = f"; {deaths:,} killed" if deaths else "; nobody killed"
    yield CourseEvent(
        day, "attacks", f"{total} {'attack' if total == 1 else 'attacks'}: {listed}{killed}.", tuple(order)
    )


def _attack_rows(mission: Mission, day: int) -> Ints:
    """The attacks of the last day in the record, a row each."""
    attacks: Ints = mission.record.events[: int(mission.record.event_count[0])]
    return attacks[int(np.searchsorted(attacks[:, recorder.EVENT_DAY], day)) :]


def _in_words(name: str) -> str:
    """An identifier as words."""
    return name.replace("_", " ")


def _join_names(names: list[str]) -> str:
    """Names as a list in a sentence: one, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "no phase"
