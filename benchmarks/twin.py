"""The twin: the model of model/ODD.md in plain Mesa, written from that text without sight of the compiled rules.

It checks the compiled model, since two programs that agree share few mistakes, and it measures what compiling gains.
Numbers in brackets are sections of the ODD. Random numbers come from Mesa's generator in the order in which they are
needed; so, apart from what is not drawn, runs of the two can only agree in distribution.
"""

from math import exp, sqrt
from typing import Any

import numpy as np
from twin_agents import Base, Cell, Contingent, Holder, HostForce, Segment, Zone
from twin_plan import Drawdown
from twin_state import TwinState


class Twin(TwinState):
    """One run of a scenario; one step is one day, `run()` does all of them."""

    def __init__(self, scenario: Any, rng: int | None = None) -> None:
        super().__init__(scenario, rng)
        self._set_up_zones()
        self._set_up_bases()
        self._form_cells()
        self._set_references()

    # Initialization (section 5)

    def _set_up_zones(self) -> None:
        theatre, kenya = self.inputs.theatre, self.inputs.kenya
        self.zones = {name: Zone(self, name, record) for name, record in theatre.zones.items()}
        self.zone_set = self.agents_by_type[Zone]
        for zone in self.zones.values():
            zone.neighbours = [self.zones[name] for name in self.ground.neighbours[zone.name]]
        tries = {name: self.inputs.day(date) for name, date in kenya.reopening.steps.items()}
        self.segments = {
            name: Segment(name, border, self.zones, tries.get(name)) for name, border in theatre.borders.items()
        }
        for segment in self.segments.values():
            kenyan, somali = segment.zones
            kenyan.border[somali] = somali.border[kenyan] = segment
        self.offensives = [
            (self.inputs.day(offensive.start), self.inputs.day(offensive.end), offensive)
            for offensive in self.inputs.host.offensives.values()
        ]
        self.shocks = [(self.inputs.day(shock.date), shock) for shock in self.inputs.host.shocks.values()]
        self.tempo = dict.fromkeys(theatre.regions, 0.0)
        self.could_open = False
        self.days: list[dict[str, float]] = []

    def _set_up_bases(self) -> None:
        theatre = self.inputs.theatre
        self.contingents = {name: Contingent(self, name, record.troops) for name, record in theatre.contingents.items()}
        self.forces = {name: HostForce(self, name, self.inputs.host.generation[name]) for name in theatre.host_forces}
        holders = {**self.contingents, **self.forces, "kenya_home": Holder(self, "kenya_home", "home")}
        self.bases = {
            name: Base(
                self, name, record, holders[record.holder], self.zones[record.zone], self.segments.get(record.border)
            )
            for name, record in theatre.bases.items()
        }
        self.base_list = list(self.bases.values())
        self.reach = np.array([self.ground.reach[name] for name in self.bases])
        self.effects = {"mission": 1.0, "host": self.inputs.host.effect, "home": self.inputs.kenya.home.effect}
        self.drawdown = Drawdown(self, self.zones, self.bases, self.contingents, self.forces)
        self.drawdown.man_bases()

    def _form_cells(self) -> None:
        cells = self.inputs.opposition.cells
        weights = {name: zone.fighters for name, zone in self.inputs.theatre.zones.items()}
        total = sum(weights.values())
        self.cell_list: list[Cell] = []
        for name, zone in self.zones.items():
            share = weights[name] / total if total else 0.0
            for number in range(round(cells.fighters * share / cells.mean_size)):
                factor = exp(cells.size_spread * self.random.gauss(0, 1) - cells.size_spread**2 / 2)
                self.cell_list.append(Cell(self, zone, number, max(1, self.round(cells.mean_size * factor))))

    def _set_references(self) -> None:
        self.count_fighters()
        self.update_effective_troops()
        for zone in self.zones.values():
            zone.first_fighters, zone.first_effective = zone.fighters, zone.effective
            zone.change = zone.cut = 0.0
        for segment in self.segments.values():
            segment.first_troops = segment.troops

    # A day (section 3)

    def run(self) -> "Twin":
        """Run to the last day of the scenario's period."""
        for _ in range(self.inputs.period.days - self.day - 1):
            self.step()
        return self

    def step(self) -> None:
        """One day: before the cells act, each cell, and after the cells have acted."""
        self.day = t = self.day + 1
        self.drawdown.advance(t)
        self.days.append({name: contingent.deployed for name, contingent in self.contingents.items()})
        self.days[-1]["ceiling"] = self.drawdown.ceiling
        self.advance_forces(t)
        self.update_effective_troops()
        self.update_pressure(t)
        self.zone_set.do("update_departure_chances")
        self.count_fighters()
        self.update_funds()
        self.update_tempo(t)
        self.update_hazard(t)
        self.update_capability(t)
        group = self.inputs.opposition
        if self.cell_list:
            # In any order: nothing that a cell does changes what another sees before attacks are carried out.
            self.agents_by_type[Cell].do("act", t, group.attacks.highest, group.recruitment.review_days)
        for cell in self.cell_list:
            if cell.queued:
                cell.queued = False
                cell.resolve_attack()
        self.decay_excitation()
        self.zone_set.do("relax")
        self.review_border(t)
        self.zone_set.do("displace")
        self.close_day(t)

    def advance_forces(self, t: int) -> None:
        """Host forces train, suffer shocks, fill garrisons; all bases gain readiness (7.2)."""
        host, recovery = self.inputs.host, self.inputs.society.presence.recovery_days
        for force in self.forces.values():
            force.pool += force.rate
        for day, shock in self.shocks:
            if day == t:
                self.forces[shock.force].apply_shock(shock)
        for force in self.forces.values():
            force.fill_garrisons(
                sum(o.troops.get(force.name, 0) for start, end, o in self.offensives if start <= t <= end)
            )
            for base in force.bases:
                base.readiness += (host.readiness.ceiling - base.readiness) / host.readiness.growth_days
        for contingent in self.contingents.values():
            for base in contingent.bases:
                base.readiness += (1 - base.readiness) / recovery

    def update_effective_troops(self) -> None:
        """Effective troops of each zone, troops stationed there, troops at the border, memory of cuts (7.3)."""
        effective = dict.fromkeys(self.effects, 0.0)
        weighed = np.zeros((len(self.effects), len(self.base_list)))
        rows = {side: row for row, side in enumerate(self.effects)}
        for zone in self.zones.values():
            zone.stationed = dict.fromkeys(self.effects, 0.0)
        for segment in self.segments.values():
            segment.troops = 0.0
        for column, base in enumerate(self.base_list):
            if base.stands:
                side, ready = base.holder.side, base.garrison * base.readiness
                weighed[rows[side], column] = ready * self.effects[side]
                base.zone.stationed[side] += base.garrison
                if side == "home" and base.segment is not None:
                    base.segment.troops += ready
        memory = exp(-1 / self.inputs.evidence.spike_days)
        for zone, sides in zip(self.zones.values(), (weighed @ self.reach).T.tolist(), strict=True):
            effective = sum(sides)
            zone.cut = memory * zone.cut + max(zone.effective - effective, 0.0) / 1000
            zone.troops = dict(zip(self.effects, sides, strict=True))
            zone.effective = effective
            zone.change = (effective - zone.first_effective) / 1000
        attacks = self.inputs.opposition.attacks
        for segment in self.segments.values():
            closed = 0.0 if segment.open else attacks.closed_border
            segment.friction = closed + attacks.border_troops * (segment.troops - segment.first_troops) / 1000

    def update_pressure(self, t: int) -> None:
        """Pressure of offensives (7.4)."""
        ramp = self.inputs.host.offensive.ramp_days
        for zone in self.zones.values():
            zone.pressure = 0.0
        for start, end, offensive in self.offensives:
            rising = min(max((t - start + 1) / ramp, 0.0), 1.0)
            ebbing = min(max(1 - (t - end) / ramp, 0.0), 1.0)
            for name in offensive.zones:
                self.zones[name].pressure += offensive.intensity * rising * ebbing

    def count_fighters(self) -> None:
        """Fighters and active strength of each zone (7.6)."""
        for zone in self.zones.values():
            zone.fighters, zone.strength = 0, 0.0
        for cell in self.cell_list:
            cell.zone.fighters += cell.fighters
            if cell.active <= self.day:
                cell.zone.strength += cell.strength

    def update_funds(self) -> None:
        """The group's funds, and the fighters that each zone can feed (7.6)."""
        rules = self.inputs.opposition.recruitment
        somali = [zone for zone in self.zones.values() if not zone.kenyan]
        first = sum((1 - zone.first_control) * zone.population for zone in somali)
        now = sum((1 - zone.control) * zone.population for zone in somali)
        self.funds = (now / first if first > 0 else 1.0) + self.loot
        for zone in self.zones.values():
            share = 1 - rules.control * (zone.control - zone.first_control)
            share *= 1 - rules.offensive * min(zone.pressure, 1.0)
            zone.capacity = zone.first_fighters * max(0.0, share * self.funds**rules.funds)

    def update_tempo(self, t: int) -> None:
        """The slow multiplier of each region, once a week (7.7)."""
        if t % 7 == 0:
            rules = self.inputs.opposition.tempo
            keep = exp(-7 / rules.memory_days) if t else 0.0
            for region in self.tempo:
                shock = self.random.gauss(0, 1)
                self.tempo[region] = keep * self.tempo[region] + rules.spread * sqrt(1 - keep**2) * shock

    def near_announced_events(self, t: int) -> set[Zone]:
        """Zones near a move of a base or the opening of the border (7.7)."""
        days = self.inputs.opposition.attacks.spoiling_days
        plan = self.drawdown
        moves = (scheduled for scheduled in plan.moves if scheduled.move.kind != "incident")
        near = {scheduled.base.zone for scheduled in moves if abs(t - plan.due_day(scheduled)) <= days}
        for segment in self.segments.values():
            if segment.next_try is not None and abs(t - segment.next_try) <= days:
                near.update(segment.zones)
        return near

    def update_hazard(self, t: int) -> None:
        """Attractiveness of each zone, attacks expected to land there, hazard of its cells (7.7)."""
        group, evidence = self.inputs.opposition, self.inputs.evidence
        attacks, offensive = group.attacks, self.inputs.host.offensive.attacks
        season = attacks.season[self.inputs.date(t).month - 1]
        near = self.near_announced_events(t) if attacks.spoiling else ()
        for zone in self.zones.values():
            around = zone.neighbours
            mean_change = sum(other.change for other in around) / len(around) if around else 0.0
            zone.attractiveness = (
                zone.exposure
                * season
                * (1 + attacks.spoiling if zone in near else 1.0)
                * exp(
                    attacks.opportunity * (zone.first_control - zone.control)
                    - evidence.attacks * zone.change
                    - evidence.neighbours * mean_change
                    + evidence.spike * zone.cut
                    + offensive * min(zone.pressure, 1.0)
                    + self.tempo[zone.region]
                    - group.tempo.spread**2 / 2
                )
            )
            zone.background = 0.0
        for zone in self.zones.values():
            zone.landing_weights = [(zone, zone.attractiveness)]
            for other in zone.neighbours:
                segment = zone.border.get(other)
                passing = exp(-segment.friction) if segment is not None else 1.0
                zone.landing_weights.append((other, attacks.raids * passing * other.attractiveness))
            for other, weight in zone.landing_weights:
                other.background += attacks.rate * zone.strength * weight
        for zone in self.zones.values():
            zone.hazard = attacks.rate * sum(weight * other.excitation_factor for other, weight in zone.landing_weights)

    def update_capability(self, t: int) -> None:
        """What Kenya's forces can do (7.10)."""
        agreement, haiti = self.inputs.kenya.agreement, self.inputs.kenya.haiti
        date, self.capability = self.inputs.date(t), 1.0
        if agreement.start <= date <= agreement.end:
            self.capability += agreement.gain * min((date - agreement.start).days / agreement.ramp_days, 1.0)
        if haiti.start <= date <= haiti.end:
            self.capability -= min(haiti.officers / haiti.manpower, 1.0)
        self.capability = max(self.capability, 0.0)

    def decay_excitation(self) -> None:
        """Excitation decays (7.7); the counts of the day are kept for conditions that look back."""
        for zone in self.zones.values():
            zone.excitation = self.excitation_kept * (zone.excitation + zone.new_excitation)
            zone.new_excitation = 0.0
            for indicator, count in zone.today.items():
                zone.past[indicator].append(count)

    def review_border(self, t: int) -> None:
        """Segments open or are put off (7.11b)."""
        rules = self.inputs.kenya.reopening
        window = rules.window_days
        count = sum(sum(zone.past["attacks"][-window:]) for zone in self.zones.values() if zone.kenyan)
        self.could_open = quiet = t + 1 >= window and count < rules.threshold
        for segment in self.segments.values():
            if not segment.open and segment.next_try is not None and t >= segment.next_try:
                if quiet or rules.unconditional:
                    segment.open = True
                else:
                    segment.next_try = t + rules.postponed_days

    def close_day(self, t: int) -> None:
        """Record the day and, on its last day, the month (7.12)."""
        row = self.days[-1]
        row["open_segments"] = sum(segment.open for segment in self.segments.values())
        row["could_open"] = self.could_open
        for zone in self.zones.values():
            zone.today = dict.fromkeys(zone.today, 0)
        last = t == self.inputs.period.days - 1
        if last or self.inputs.date(t + 1).day == 1:
            for cell in self.cell_list:
                cell.zone.counts["fighters"] += cell.fighters
            self.zone_set.do("close_month")

    def indicator(self, name: str) -> np.ndarray:
        """One indicator [months, zones], named as in the records of the compiled model."""
        return np.array([[month.get(name, 0.0) for month in zone.months] for zone in self.zones.values()]).T
