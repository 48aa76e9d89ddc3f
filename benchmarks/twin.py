"""The twin: the model of model/ODD.md once more, in plain Mesa, written from that text without sight of the compiled rules.

It checks the compiled model (two programs that agree share few mistakes) and measures what compiling brings. Numbers in
comments are sections of the ODD. Draws come from the model's own generator in whatever order they are needed, so runs of the
two can only agree in distribution.
"""

from collections import defaultdict
from math import exp, floor, log, sqrt
from typing import Any

import mesa
import numpy as np
from twin_ground import Ground
from twin_plan import Drawdown

BASE_SIDES = {"mission_base": "mission", "host_base": "host", "border_base": "home"}
TARGETS = ("mission_base", "host_base", "border_base", "security", "civilians")
MODES = ("clash", "ied", "raid", "suicide")
MODE_COUNTS = {"clash": "clashes", "ied": "ieds", "raid": "raids", "suicide": "suicides"}


class Holder(mesa.Agent):
    """Whoever holds bases: a contingent, a host force, or Kenya on its own side of the border."""

    def __init__(self, model: "Twin", name: str, side: str) -> None:
        super().__init__(model)
        self.name, self.side = name, side
        self.bases: list[Base] = []


class Contingent(Holder):
    """Troops of one contributing country."""

    def __init__(self, model: "Twin", name: str, troops: int) -> None:
        super().__init__(model, name, "mission")
        self.authorised = self.deployed = troops
        self.withdrawn = self.killed = 0

    def lose(self, killed: int) -> None:
        """Bury troops."""
        self.deployed -= killed
        self.killed += killed


class HostForce(Holder):
    """A Somali force (7.2)."""

    def __init__(self, model: "Twin", name: str, generation: Any) -> None:
        super().__init__(model, name, "host")
        self.pool, self.rate = generation.pool, generation.rate
        self.lack = 0.0

    def suffer(self, shock: Any) -> None:
        """A political shock: troops go from the pool first, then from all garrisons."""
        rest = max(shock.troops - self.pool, 0.0)
        self.pool = max(self.pool - shock.troops, 0.0)
        there = sum(base.garrison for base in self.bases)
        keep = max(0.0, 1 - rest / there) if there else 1.0
        for base in self.bases:
            base.garrison *= keep
            base.readiness *= 1 - shock.readiness

    def fill(self, committed: float) -> None:
        """Send spare troops to the standing bases that lack some."""
        lacks = [(base, max(base.need - base.garrison, 0.0)) for base in self.bases if base.stands]
        self.lack = sum(lack for _, lack in lacks)
        if self.lack > 0:
            spare = max(self.pool - committed, 0.0)
            part = min(1.0, spare / self.lack) / self.model.inputs.host.garrisons.filling_days
            for base, lack in lacks:
                base.garrison += lack * part
            self.pool -= self.lack * part


class Base(mesa.Agent):
    """A base and its garrison."""

    def __init__(self, model: "Twin", name: str, record: Any, holder: Holder) -> None:
        super().__init__(model)
        host, spread = model.inputs.host, model.inputs.opposition.attacks.base_spread
        self.name, self.zone, self.weight, self.own = name, model.zones[record.zone], record.weight, record.garrison
        self.need = host.garrisons.handover * record.weight if record.kind == "mission_base" else float(record.garrison)
        self.segment = model.segments.get(record.border)
        self.holder = holder
        self.garrison = float(record.garrison)
        self.readiness = {"mission": 1.0, "host": host.readiness.start, "home": model.inputs.kenya.home.readiness}[holder.side]
        self.exposure = exp(spread * model.random.gauss(0, 1))
        self.standing, self.stands = "open", True
        self.handed, self.back, self.fell_after = -1, -1, -1
        self.zone.bases.append(self)
        holder.bases.append(self)

    def become(self, standing: str) -> None:
        """Change standing; a base that does not stand has no garrison."""
        self.standing, self.stands = standing, standing not in ("overrun", "closed")
        if not self.stands:
            self.garrison = 0.0

    def disband(self) -> None:
        """Survivors of a lost host base return to the pool of their force."""
        if isinstance(self.holder, HostForce):
            self.holder.pool += self.garrison
        self.garrison = 0.0

    def pass_to(self, holder: Holder) -> None:
        """Change hands."""
        self.holder.bases.remove(self)
        holder.bases.append(self)
        self.holder = holder


class Segment:
    """A stretch of border between two zones."""

    def __init__(self, name: str, border: Any, zones: dict[str, "Zone"], next_try: int | None) -> None:
        self.name, self.open, self.next_try = name, border.open, next_try
        self.zones = (zones[border.kenya], zones[border.somalia])
        self.troops = self.first_troops = 0.0
        self.friction = 0.0


class Zone(mesa.Agent):
    """A county or region: control, people, troops within reach, and what the group finds there."""

    def __init__(self, model: "Twin", name: str, record: Any) -> None:
        super().__init__(model)
        self.name, self.kenyan, self.region = name, record.country == "kenya", record.region
        self.population, self.exposure = record.population, record.exposure
        self.control = self.first_control = record.control
        self.neighbours: list[Zone] = []
        self.border: dict[Zone, Segment] = {}  # by the zone on the other side
        self.bases: list[Base] = []
        self.troops = dict.fromkeys(BASE_SIDES.values(), 0.0)
        self.stationed = dict.fromkeys(BASE_SIDES.values(), 0.0)
        self.effective = self.first_effective = self.change = self.cut = 0.0
        self.fighters = self.first_fighters = 0
        self.strength = self.capacity = 0.0
        self.pressure = self.ground = 0.0
        self.recall = self.leave_home = self.leave_away = 0.0
        self.lure = self.landing = self.hazard = self.excitation = self.roused = 0.0
        self.pulls: list[tuple[Zone, float]] = []
        self.home = float(record.population)
        self.displaced = {"attacks": 0.0, "overruns": 0.0, "offensive": 0.0}
        self.abroad = 0.0
        self.today = {"attacks": 0, "deaths": 0, "overruns": 0}
        self.past: dict[str, list[int]] = {"attacks": [], "deaths": [], "overruns": []}
        self.book: defaultdict[str, float] = defaultdict(float)  # indicators of the month
        self.months: list[dict[str, float]] = []

    def weigh_relocation(self) -> None:
        """Chances that cells here move (7.5)."""
        rules = self.model.inputs.opposition.relocation
        most = max((zone.pressure for zone in self.neighbours), default=0.0)
        self.recall = rules.recall * most if most > self.pressure else 0.0
        pushed = rules.flight * self.pressure + self.recall
        self.leave_home = min(rules.rate + pushed, 1.0)
        self.leave_away = min(rules.return_rate + pushed, 1.0)

    def presence(self, effective: float) -> float:
        """Effective troops, saturating (7.3)."""
        half = self.model.inputs.society.presence.half * self.population / 1000
        return effective / (effective + half) if effective + half > 0 else 0.0

    def relax(self) -> None:
        """Ground that government keeps (7.4), and the drift of control (7.11a)."""
        rules, offensive = self.model.inputs.society.control, self.model.inputs.host.offensive
        self.ground = max(self.ground, rules.governance * self.pressure)
        balance = (
            rules.presence * (self.presence(self.effective) - self.presence(self.first_effective))
            + offensive.control * max(self.pressure, self.ground)
            - rules.fighters * log((self.fighters + 1) / (self.first_fighters + 1))
        )
        aim = 1 / (1 + exp(-log(self.first_control / (1 - self.first_control)) - balance))
        self.control += (aim - self.control) / rules.relaxation_days

    def displace(self) -> None:
        """People return and flee (7.11c)."""
        rules = self.model.inputs.society.displacement
        for cause, people in self.displaced.items():
            self._return(people * rules.returns)
            self.displaced[cause] -= people * rules.returns
        self._return(self.abroad * rules.returns)
        self.abroad -= self.abroad * rules.returns
        crossing = 0.0
        if self.border and not self.kenyan:
            any_open = any(segment.open for segment in self.border.values())
            crossing = rules.crossing * (1.0 if any_open else rules.closed)
        self._flee("attacks", rules.per_attack * self.today["attacks"], crossing)
        self._flee("overruns", rules.per_overrun * self.today["overruns"], crossing)
        self._flee("offensive", min(rules.offensive * self.pressure, 1.0) * self.home, crossing)

    def _return(self, people: float) -> None:
        self.home += people
        self.book["returned"] += people

    def _flee(self, cause: str, people: float, crossing: float) -> None:
        people = min(people, self.home)
        self.home -= people
        self.abroad += people * crossing
        self.displaced[cause] += people * (1 - crossing)
        self.book[f"displaced_{cause}"] += people
        self.book["crossed"] += people * crossing

    def close_month(self) -> None:
        """Keep stocks at the end of a month (7.12)."""
        self.book["control"], self.book["abroad"] = self.control, self.abroad
        self.book["displaced"] = sum(self.displaced.values())
        for side, troops in self.troops.items():
            self.book[f"troops_{side}"] = troops
        self.months.append(dict(self.book))
        self.book.clear()


class Cell(mesa.Agent):
    """A cell of the armed group."""

    def __init__(self, model: "Twin", home: Zone, number: int, fighters: int) -> None:
        super().__init__(model)
        self.home = self.zone = home
        self.number, self.active = number, 0
        self.draw = model.random.random
        self.fighters = self.strength = 0.0
        self.grow(fighters)

    def grow(self, change: int) -> None:
        """Gain or lose fighters."""
        group = self.model.inputs.opposition
        self.fighters += change
        self.strength = (self.fighters / group.cells.mean_size) ** group.attacks.strength

    def act(self, t: int, highest: float, review_days: int) -> None:
        """The day of a cell (section 3)."""
        zone, luck = self.zone, self.draw()
        if luck > 1 - (zone.leave_home if zone is self.home else zone.leave_away):
            self.move()
        elif luck < zone.hazard * self.strength and luck < highest and self.active <= t:
            self.model.marked.append(self)
        if (t + self.number) % review_days == 0:
            self.take_stock(review_days)

    def move(self) -> None:
        """Go to the defence of a neighbour, or where it is best (7.5)."""
        here = self.zone
        leave = here.leave_home if here is self.home else here.leave_away
        if self.draw() * leave < here.recall:
            there = max(here.neighbours, key=lambda zone: zone.pressure)
        else:
            options = [here, *here.neighbours]
            there = self.random.choices(options, [exp(self.offer(zone)) for zone in options])[0]
        if there is not here:
            self.zone = there
            there.book["cells_arrived"] += 1

    def offer(self, there: Zone) -> float:
        """What a zone has to offer."""
        rules, ground, here = self.model.inputs.opposition.relocation, self.model.ground, self.zone
        offer = (
            rules.opportunity * (1 - there.control)
            - rules.presence * there.effective / 1000
            - rules.home * ground.steps[there.name, self.home.name]
            - rules.pressure * there.pressure
        )
        if there is not here:
            offer -= rules.distance * ground.km[here.name, there.name] / 100
            if there in here.border:
                offer -= here.border[there].friction
        return offer

    def take_stock(self, review_days: int) -> None:
        """Fighters join, leave or are lost to an offensive (7.6)."""
        rules, zone, fighters = self.model.inputs.opposition.recruitment, self.zone, self.fighters
        attrition = self.model.inputs.host.offensive.attrition * review_days * zone.pressure
        room = max(1 - zone.fighters / max(zone.capacity, 1.0), -rules.crowding)
        change = max(fighters, rules.remnant) * rules.growth * review_days * room
        lost = self.model.round(fighters * min(attrition, 1.0))
        joined = self.model.round(change) if change > 0 else 0
        left = min(self.model.round(-change), fighters - lost) if change < 0 else 0
        self.grow(joined - left - lost)
        zone.book["recruited"] += joined
        zone.book["left"] += left
        zone.book["fighters_lost_offensive"] += lost

    def strike(self) -> None:
        """Carry out an attack (7.7)."""
        model, group, here = self.model, self.model.inputs.opposition, self.zone
        there = self.landing_zone()
        ability = model.capability if there.kenyan else 1.0
        if self.draw() < model.inputs.society.control.tips * there.control * ability:
            there.book["foiled"] += 1
            return
        target = self.target_in(there)
        side = BASE_SIDES.get(target)
        base = self.base_in(there, side)
        if side is not None and base is None:
            target, side = "security", None
        mix = getattr(group.mix, target)
        mode = self.random.choices(MODES, [getattr(mix, mode) for mode in MODES])[0]
        if side in ("mission", "host") and base is not None and self.assaults(base, there, target, mode):
            return
        deaths = self.bury(self.deaths_of(target, there), target, base, there)
        lost = self.suffer(there)
        self.book_attack(there, target, mode, base, deaths, lost)
        if base is not None and self.draw() < group.attacks.coordination:
            second = self.base_in(there, side, but=base)
            if second is not None:
                deaths = self.bury(self.deaths_of(target, there), target, second, there)
                self.book_attack(there, target, mode, second, deaths, 0)
        assert self.zone is here

    def landing_zone(self) -> Zone:
        """Where the attack takes place: the first zone at which the running sum of pulls exceeds a draw."""
        mark = self.draw() * self.zone.hazard / self.model.inputs.opposition.attacks.rate
        running, last = 0.0, self.zone
        for zone, pull in self.zone.pulls:
            running += pull * (1 + zone.excitation / zone.landing if zone.landing > 0 else 1.0)
            if running > mark:
                return zone
            if pull > 0:
                last = zone
        return last

    def target_in(self, there: Zone) -> str:
        """What is attacked."""
        chosen = self.model.target_weights[there.kenyan]
        weights = [chosen[target] * there.stationed[side] / 1000 for target, side in BASE_SIDES.items()]
        civilians = chosen["civilians"] * exp(-self.model.inputs.evidence.civilians * there.change)
        weights += [chosen["security"], civilians]
        return self.random.choices(TARGETS, weights)[0] if sum(weights) > 0 else "security"

    def base_in(self, there: Zone, side: str | None, but: Base | None = None) -> Base | None:
        """A standing base of a side, by exposure."""
        bases = [b for b in there.bases if b.stands and b.holder.side == side and b.garrison > 0 and b is not but]
        return self.random.choices(bases, [base.exposure for base in bases])[0] if bases else None

    def deaths_of(self, target: str, there: Zone) -> int:
        """Deaths of an ordinary attack before they are bounded by who is there (7.8)."""
        rules = self.model.inputs.opposition.severity
        lethal, median = self.model.lethality[target, there.kenyan]
        if self.draw() >= lethal:
            return 0
        if self.draw() < rules.tail:
            deaths = rules.tail_start * (1 - self.draw()) ** (-1 / (rules.tail_exponent - 1))
        else:
            deaths = median * exp(rules.spread * self.random.gauss(0, 1))
        return min(max(floor(deaths + 0.5), 1), int(rules.highest))

    def bury(self, deaths: int, target: str, base: Base | None, there: Zone) -> int:
        """Take the dead from those they belong to; returns how many there are (7.8)."""
        if base is not None:
            deaths = min(deaths, floor(base.garrison))
            if isinstance(base.holder, Contingent):
                deaths = min(deaths, base.holder.deployed)
                base.holder.lose(deaths)
            base.garrison -= deaths
        elif target == "civilians":
            deaths = min(deaths, floor(there.home))
            there.home -= deaths
        return deaths

    def suffer(self, there: Zone) -> int:
        """Losses of the cell in its attack, and a rest after heavy ones (7.10)."""
        rules, fighters = self.model.inputs.opposition.response, self.fighters
        force = 1 + rules.per_troops * there.effective / 1000
        force *= self.model.capability if there.kenyan else 1.0
        lost = min(self.model.round(2 * self.draw() * rules.losses * force * fighters), fighters)
        if lost > 0:
            self.grow(-lost)
            if lost >= rules.rest_share * fighters:
                self.active = self.model.day + 1 + rules.rest_days
        return lost

    def assaults(self, base: Base, there: Zone, target: str, mode: str) -> bool:
        """Mass against a base, if fighters suffice (7.9); False: the attack is an ordinary one."""
        model, rules, here = self.model, self.model.inputs.opposition.assault, self.zone
        odds = rules.odds_low + self.draw() * (rules.odds_high - rules.odds_low)
        attackers = floor(odds * base.garrison)
        within_reach = there.fighters + (here.fighters if here is not there else 0)
        if self.draw() >= rules.massing or not 1 <= attackers <= rules.commitment * within_reach:
            return False
        logit = rules.steepness * (log(odds / max(base.readiness, 1e-9)) - log(rules.even_odds))
        if base.handed >= 0:
            logit += rules.newly_held * exp(-(model.day - base.handed) / rules.newly_held_days)
        falls = self.draw() < 1 / (1 + exp(-logit))
        mean_killed = rules.killed_overrun if falls else rules.killed_repelled
        killed = floor(min(2 * mean_killed * self.draw(), 1.0) * base.garrison)
        deaths = self.bury(killed, target, base, there)
        lost = model.lose_in(here, min(2 * rules.attackers_lost * self.draw(), 1.0) * attackers)
        there.book["assaults"] += 1
        if falls:
            model.fall(base)
        self.book_attack(there, target, mode, base, deaths, lost)
        return True

    def book_attack(self, there: Zone, target: str, mode: str, base: Base | None, deaths: int, lost: int) -> None:
        """Count an attack that took place, with its excitation (7.7) and its record (7.12)."""
        model, book = self.model, there.book
        there.roused += model.kick
        there.today["attacks"] += 1
        there.today["deaths"] += deaths
        victims = {"mission_base": "mission", "border_base": "kenya", "civilians": "civilians"}.get(target)
        victims = victims or ("kenya" if target == "security" and there.kenyan else "host")
        book["attacks"] += 1
        book[f"attacks_{target}"] += 1
        book[MODE_COUNTS[mode]] += 1
        book[f"deaths_{victims}"] += deaths
        book["deaths_group"] += lost
        if self.zone.kenyan != there.kenyan:
            book["attacks_over_border"] += 1
        reporting = model.inputs.reporting
        seen = reporting.kenya if there.kenyan else reporting.somalia
        if self.draw() < (seen.lethal if deaths + lost > 0 else seen.harmless):
            book["recorded_attacks"] += 1
            book["recorded_deaths"] += deaths + lost
        if target != "civilians":
            book["claimed_deaths"] += reporting.inflation * deaths


class Twin(mesa.Model):
    """One run of a scenario; one step is one day, `run()` does all of them."""

    def __init__(self, scenario: Any, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.inputs = scenario  # Mesa 3.5 has a `scenario` of its own
        self.day = -1
        self._lay_ground()
        self._deploy()
        self._form_cells()
        self._set_references()

    # Initialization (section 5)

    def _lay_ground(self) -> None:
        theatre, kenya, group = self.inputs.theatre, self.inputs.kenya, self.inputs.opposition
        self.ground = Ground(theatre, self.inputs.society.presence.reach_km)
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
        self.capability, self.loot, self.funds = 1.0, 0.0, 1.0
        self.keep = exp(-1 / group.excitation.memory_days)
        self.kick = group.excitation.branching * (1 - self.keep) / self.keep
        self.target_weights = {True: group.targets.kenya.model_dump(), False: group.targets.somalia.model_dump()}
        self.lethality = {}
        for target in TARGETS:
            for kenyan, country in ((True, "kenya"), (False, "somalia")):
                record = getattr(group.severity, target if target in BASE_SIDES else f"{target}_{country}")
                self.lethality[target, kenyan] = record.lethal, record.median
        self.marked: list[Cell] = []
        self.could_open = False
        self.days: list[dict[str, float]] = []

    def _deploy(self) -> None:
        theatre = self.inputs.theatre
        self.contingents = {name: Contingent(self, name, record.troops) for name, record in theatre.contingents.items()}
        self.forces = {name: HostForce(self, name, self.inputs.host.generation[name]) for name in theatre.host_forces}
        holders = {**self.contingents, **self.forces, "kenya_home": Holder(self, "kenya_home", "home")}
        self.bases = {name: Base(self, name, record, holders[record.holder]) for name, record in theatre.bases.items()}
        self.base_list = list(self.bases.values())
        self.reach = np.array([self.ground.reach[name] for name in self.bases])
        self.effects = {"mission": 1.0, "host": self.inputs.host.effect, "home": self.inputs.kenya.home.effect}
        self.drawdown = Drawdown(self)
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
        self.count()
        self.weigh_presence()
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
        """Dawn, the day of each cell, dusk."""
        self.day = t = self.day + 1
        self.drawdown.advance(t)
        self.days.append({name: contingent.deployed for name, contingent in self.contingents.items()})
        self.days[-1]["ceiling"] = self.drawdown.ceiling
        self.build_forces(t)
        self.weigh_presence()
        self.press(t)
        self.zone_set.do("weigh_relocation")
        self.count()
        self.raise_funds()
        self.set_tempo(t)
        self.weigh_attacks(t)
        self.set_capability(t)
        group = self.inputs.opposition
        self.marked.clear()
        if self.cell_list:
            cells = self.agents_by_type[Cell]
            cells.shuffle_do("act", t, group.attacks.highest, group.recruitment.review_days)
        for cell in sorted(self.marked, key=lambda cell: cell.unique_id):
            cell.strike()
        self.fade()
        self.zone_set.do("relax")
        self.review_border(t)
        self.zone_set.do("displace")
        self.close_day(t)

    def round(self, x: float) -> int:
        """Stochastic rounding."""
        whole = floor(x)
        return whole + 1 if self.random.random() < x - whole else whole

    def build_forces(self, t: int) -> None:
        """Host forces train, suffer shocks, fill garrisons; all bases gain readiness (7.2)."""
        host, recovery = self.inputs.host, self.inputs.society.presence.recovery_days
        for force in self.forces.values():
            force.pool += force.rate
        for day, shock in self.shocks:
            if day == t:
                self.forces[shock.force].suffer(shock)
        for force in self.forces.values():
            force.fill(sum(o.troops.get(force.name, 0) for start, end, o in self.offensives if start <= t <= end))
            for base in force.bases:
                base.readiness += (host.readiness.ceiling - base.readiness) / host.readiness.growth_days
        for contingent in self.contingents.values():
            for base in contingent.bases:
                base.readiness += (1 - base.readiness) / recovery

    def weigh_presence(self) -> None:
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

    def press(self, t: int) -> None:
        """Pressure of offensives (7.4)."""
        ramp = self.inputs.host.offensive.ramp_days
        for zone in self.zones.values():
            zone.pressure = 0.0
        for start, end, offensive in self.offensives:
            rising = min(max((t - start + 1) / ramp, 0.0), 1.0)
            ebbing = min(max(1 - (t - end) / ramp, 0.0), 1.0)
            for name in offensive.zones:
                self.zones[name].pressure += offensive.intensity * rising * ebbing

    def count(self) -> None:
        """Fighters and active strength of each zone (7.6)."""
        for zone in self.zones.values():
            zone.fighters, zone.strength = 0, 0.0
        for cell in self.cell_list:
            cell.zone.fighters += cell.fighters
            if cell.active <= self.day:
                cell.zone.strength += cell.strength

    def raise_funds(self) -> None:
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

    def set_tempo(self, t: int) -> None:
        """The slow multiplier of each region, once a week (7.7)."""
        if t % 7 == 0:
            rules = self.inputs.opposition.tempo
            keep = exp(-7 / rules.memory_days) if t else 0.0
            for region in self.tempo:
                shock = self.random.gauss(0, 1)
                self.tempo[region] = keep * self.tempo[region] + rules.spread * sqrt(1 - keep**2) * shock

    def announced(self, t: int) -> set[Zone]:
        """Zones near a move of a base or the opening of the border (7.7)."""
        days = self.inputs.opposition.attacks.spoiling_days
        near = {due.base.zone for due in self.drawdown.moves if abs(t - self.drawdown.due_day(due)) <= days}
        for segment in self.segments.values():
            if segment.next_try is not None and abs(t - segment.next_try) <= days:
                near.update(segment.zones)
        return near

    def weigh_attacks(self, t: int) -> None:
        """Lure of each zone, attacks expected to land there, hazard of its cells (7.7)."""
        group, evidence = self.inputs.opposition, self.inputs.evidence
        attacks, offensive = group.attacks, self.inputs.host.offensive.attacks
        season = attacks.season[self.inputs.date(t).month - 1]
        near = self.announced(t) if attacks.spoiling else ()
        for zone in self.zones.values():
            around = zone.neighbours
            mean_change = sum(other.change for other in around) / len(around) if around else 0.0
            zone.lure = (
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
            zone.landing = 0.0
        for zone in self.zones.values():
            zone.pulls = [(zone, zone.lure)]
            for other in zone.neighbours:
                segment = zone.border.get(other)
                passing = exp(-segment.friction) if segment is not None else 1.0
                zone.pulls.append((other, attacks.raids * passing * other.lure))
            for other, pull in zone.pulls:
                other.landing += attacks.rate * zone.strength * pull
        for zone in self.zones.values():
            zone.hazard = attacks.rate * sum(
                pull * (1 + other.excitation / other.landing if other.landing > 0 else 1.0) for other, pull in zone.pulls
            )

    def set_capability(self, t: int) -> None:
        """What Kenya's forces can do (7.10)."""
        agreement, haiti = self.inputs.kenya.agreement, self.inputs.kenya.haiti
        date, self.capability = self.inputs.date(t), 1.0
        if agreement.start <= date <= agreement.end:
            self.capability += agreement.gain * min((date - agreement.start).days / agreement.ramp_days, 1.0)
        if haiti.start <= date <= haiti.end:
            self.capability -= min(haiti.officers / haiti.manpower, 1.0)
        self.capability = max(self.capability, 0.0)

    def lose_in(self, zone: Zone, lost: float) -> int:
        """Losses of an assault, over all cells now in the zone that it came from (7.9)."""
        share = min(lost / zone.fighters, 1.0) if zone.fighters else 0.0
        running, taken = 0.0, 0
        for cell in self.cell_list:
            if cell.zone is zone:
                running += share * cell.fighters
                loss = min(floor(running) - taken, cell.fighters)
                if loss > 0:
                    cell.grow(-loss)
                    taken += loss
        return taken

    def fall(self, base: Base) -> None:
        """A base is overrun (7.9)."""
        rules = self.inputs.opposition.assault
        mean_days = rules.retaken_mission_days if base.holder.side == "mission" else rules.retaken_host_days
        base.disband()
        base.become("overrun")
        base.back = self.day + 1 + floor(-mean_days * log(1 - self.random.random()))
        if base.handed >= 0 and base.fell_after < 0:
            base.fell_after = self.day
        self.loot += rules.loot
        for other in base.zone.bases:
            if other.holder is base.holder:
                other.readiness *= 1 - rules.shock
        base.zone.today["overruns"] += 1
        base.zone.book["overruns"] += 1

    def fade(self) -> None:
        """Excitation fades (7.7); the counts of the day are kept for conditions that look back."""
        for zone in self.zones.values():
            zone.excitation = self.keep * (zone.excitation + zone.roused)
            zone.roused = 0.0
            for what, count in zone.today.items():
                zone.past[what].append(count)

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
        """Books of the day and, at its end, of the month (7.12)."""
        row = self.days[-1]
        row["open_segments"] = sum(segment.open for segment in self.segments.values())
        row["could_open"] = self.could_open
        for zone in self.zones.values():
            zone.today = dict.fromkeys(zone.today, 0)
        last = t == self.inputs.period.days - 1
        if last or self.inputs.date(t + 1).day == 1:
            for cell in self.cell_list:
                cell.zone.book["fighters"] += cell.fighters
            self.zone_set.do("close_month")

    def indicator(self, name: str) -> np.ndarray:
        """One indicator [months, zones], named as in the records of the compiled model."""
        return np.array([[month.get(name, 0.0) for month in zone.months] for zone in self.zones.values()]).T
