"""The agents of the twin: holders, bases, zones and cells, and the segments of the border."""

from collections import defaultdict
from math import exp, floor, log
from typing import Any

import mesa
from twin_state import BASE_SIDES, MODE_COUNTS, MODES, TARGETS, TwinState


class Holder(mesa.Agent):
    """Whoever holds bases: a contingent, a host force, or Kenya on its own side of the border."""

    def __init__(self, model: TwinState, name: str, side: str) -> None:
        super().__init__(model)
        self.name, self.side = name, side
        self.bases: list[Base] = []


class Contingent(Holder):
    """Troops of one contributing country."""

    def __init__(self, model: TwinState, name: str, troops: int) -> None:
        super().__init__(model, name, "mission")
        self.authorised = self.deployed = troops
        self.withdrawn = self.killed = 0

    def apply_deaths(self, killed: int) -> None:
        """Take the dead from the deployed troops."""
        self.deployed -= killed
        self.killed += killed


class HostForce(Holder):
    """A Somali force (7.2)."""

    def __init__(self, model: TwinState, name: str, generation: Any) -> None:
        super().__init__(model, name, "host")
        self.pool, self.rate = generation.pool, generation.rate
        self.lack = 0.0

    def apply_shock(self, shock: Any) -> None:
        """A political shock: troops go from the pool first, then from all garrisons."""
        rest = max(shock.troops - self.pool, 0.0)
        self.pool = max(self.pool - shock.troops, 0.0)
        there = sum(base.garrison for base in self.bases)
        keep = max(0.0, 1 - rest / there) if there else 1.0
        for base in self.bases:
            base.garrison *= keep
            base.readiness *= 1 - shock.readiness

    def fill_garrisons(self, committed: float) -> None:
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

    def __init__(
        self, model: TwinState, name: str, record: Any, holder: Holder, zone: "Zone", segment: "Segment | None"
    ) -> None:
        super().__init__(model)
        host, spread = model.inputs.host, model.inputs.opposition.attacks.base_spread
        self.name, self.zone, self.weight, self.own = name, zone, record.weight, record.garrison
        self.need = host.garrisons.handover * record.weight if record.kind == "mission_base" else float(record.garrison)
        self.segment = segment
        self.holder = holder
        self.garrison = float(record.garrison)
        start = {"mission": 1.0, "host": host.readiness.start, "home": model.inputs.kenya.home.readiness}
        self.readiness = start[holder.side]
        self.exposure = exp(spread * model.random.gauss(0, 1))
        self.standing, self.stands = "open", True
        self.handed, self.retaken_day, self.fell_after = -1, -1, -1
        self.attacks = 0
        zone.bases.append(self)
        holder.bases.append(self)

    def set_standing(self, standing: str) -> None:
        """Set the standing; a base that does not stand has no garrison."""
        self.standing, self.stands = standing, standing not in ("overrun", "closed")
        if not self.stands:
            self.garrison = 0.0

    def disband(self) -> None:
        """Survivors of a lost host base return to the pool of their force."""
        if isinstance(self.holder, HostForce):
            self.holder.pool += self.garrison
        self.garrison = 0.0

    def fall(self) -> None:
        """The base is overrun (7.9)."""
        model, rules = self.model, self.model.inputs.opposition.assault
        mean_days = rules.retaken_mission_days if self.holder.side == "mission" else rules.retaken_host_days
        self.disband()
        self.set_standing("overrun")
        self.retaken_day = model.day + 1 + floor(-mean_days * log(1 - model.random.random()))
        if self.handed >= 0 and self.fell_after < 0:
            self.fell_after = model.day
        model.loot += rules.loot
        for other in self.zone.bases:
            if other.holder is self.holder:
                other.readiness *= 1 - rules.shock
        self.zone.today["overruns"] += 1
        self.zone.counts["overruns"] += 1

    def change_hands(self, holder: Holder) -> None:
        """Give the base to another holder."""
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

    def __init__(self, model: TwinState, name: str, record: Any) -> None:
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
        self.pressure = self.held = 0.0
        self.recall = self.leave_home = self.leave_away = 0.0
        self.attractiveness = self.background = self.hazard = self.excitation = self.new_excitation = 0.0
        self.landing_weights: list[tuple[Zone, float]] = []
        self.home = float(record.population)
        self.displaced = {"attacks": 0.0, "overruns": 0.0, "offensive": 0.0}
        self.abroad = 0.0
        self.today = {"attacks": 0, "deaths": 0, "overruns": 0}
        self.past: dict[str, list[int]] = {"attacks": [], "deaths": [], "overruns": []}
        self.counts: defaultdict[str, float] = defaultdict(float)  # indicators of this month
        self.months: list[dict[str, float]] = []

    @property
    def excitation_factor(self) -> float:
        """How many times more attacks land here than without excitation (7.7)."""
        return 1 + self.excitation / self.background if self.background > 0 else 1.0

    def update_departure_chances(self) -> None:
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
        self.held = max(self.held, rules.governance * self.pressure)
        balance = (
            rules.presence * (self.presence(self.effective) - self.presence(self.first_effective))
            + offensive.control * max(self.pressure, self.held)
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
        self.counts["returned"] += people

    def _flee(self, cause: str, people: float, crossing: float) -> None:
        people = min(people, self.home)
        self.home -= people
        self.abroad += people * crossing
        self.displaced[cause] += people * (1 - crossing)
        self.counts[f"displaced_{cause}"] += people
        self.counts["crossed"] += people * crossing

    def close_month(self) -> None:
        """Keep stocks at the end of a month (7.12)."""
        self.counts["control"], self.counts["abroad"] = self.control, self.abroad
        self.counts["displaced"] = sum(self.displaced.values())
        for side, troops in self.troops.items():
            self.counts[f"troops_{side}"] = troops
        self.months.append(dict(self.counts))
        self.counts.clear()


class Cell(mesa.Agent):
    """A cell of the armed group."""

    def __init__(self, model: TwinState, home: Zone, number: int, fighters: int) -> None:
        super().__init__(model)
        self.home = self.zone = home
        self.number, self.active = number, 0
        self.draw = model.random.random
        self.queued = False  # for an attack at the end of the day
        self.fighters = self.strength = 0.0
        self.grow(fighters)

    def grow(self, change: int) -> None:
        """Gain or lose fighters."""
        group = self.model.inputs.opposition
        self.fighters += change
        self.strength = (self.fighters / group.cells.mean_size) ** group.attacks.strength

    def act(self, t: int, highest: float, review_days: int) -> None:
        """Move or queue an attack, and review the strength when it is due (section 3)."""
        zone, u = self.zone, self.draw()
        if u > 1 - (zone.leave_home if zone is self.home else zone.leave_away):
            self.move()
        elif u < zone.hazard * self.strength and u < highest and self.active <= t:
            self.queued = True
        if (t + self.number) % review_days == 0:
            self.review_strength(review_days)

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
            there.counts["cells_arrived"] += 1

    def offer(self, there: Zone) -> float:
        """What a zone offers to the cell."""
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

    def review_strength(self, review_days: int) -> None:
        """Fighters join, leave or are lost to an offensive (7.6)."""
        rules, zone, fighters = self.model.inputs.opposition.recruitment, self.zone, self.fighters
        attrition = self.model.inputs.host.offensive.attrition * review_days * zone.pressure
        room = max(1 - zone.fighters / max(zone.capacity, 1.0), -rules.crowding)
        change = max(fighters, rules.remnant) * rules.growth * review_days * room
        lost = self.model.round(fighters * min(attrition, 1.0))
        joined = self.model.round(change) if change > 0 else 0
        left = min(self.model.round(-change), fighters - lost) if change < 0 else 0
        self.grow(joined - left - lost)
        zone.counts["recruited"] += joined
        zone.counts["left"] += left
        zone.counts["fighters_lost_offensive"] += lost

    def resolve_attack(self) -> None:
        """Carry out the attack that was queued (7.7)."""
        model, group = self.model, self.model.inputs.opposition
        there = self.draw_landing_zone()
        ability = model.capability if there.kenyan else 1.0
        if self.draw() < model.inputs.society.control.tips * there.control * ability:
            there.counts["foiled"] += 1
            return
        target = self.draw_target(there)
        side = BASE_SIDES.get(target)
        base = self.draw_base(there, side)
        if side is not None and base is None:
            target, side = "security", None
        mix = getattr(group.mix, target)
        mode = self.random.choices(MODES, [getattr(mix, mode) for mode in MODES])[0]
        if side in ("mission", "host") and base is not None and self.massed_assault(base, there, target, mode):
            return
        deaths = self.apply_deaths(self.draw_deaths(target, there), target, base, there)
        lost = self.apply_losses(there)
        self.record_attack(there, target, mode, base, deaths, lost)
        if base is not None and self.draw() < group.attacks.coordination:
            second = self.draw_base(there, side, other_than=base)
            if second is not None:
                deaths = self.apply_deaths(self.draw_deaths(target, there), target, second, there)
                self.record_attack(there, target, mode, second, deaths, 0)

    def draw_landing_zone(self) -> Zone:
        """Where the attack takes place: the first zone at which the running sum of weights exceeds a draw."""
        threshold = self.draw() * self.zone.hazard / self.model.inputs.opposition.attacks.rate
        running, last = 0.0, self.zone
        for zone, weight in self.zone.landing_weights:
            running += weight * zone.excitation_factor
            if running > threshold:
                return zone
            if weight > 0:
                last = zone
        return last

    def draw_target(self, there: Zone) -> str:
        """What is attacked."""
        chosen = self.model.target_weights[there.kenyan]
        weights = [chosen[target] * there.stationed[side] / 1000 for target, side in BASE_SIDES.items()]
        civilians = chosen["civilians"] * exp(-self.model.inputs.evidence.civilians * there.change)
        weights += [chosen["security"], civilians]
        return self.random.choices(TARGETS, weights)[0] if sum(weights) > 0 else "security"

    def draw_base(self, there: Zone, side: str | None, other_than: Base | None = None) -> Base | None:
        """A standing base of a side, by exposure."""
        manned = [b for b in there.bases if b.stands and b.holder.side == side and b.garrison > 0]
        bases = [base for base in manned if base is not other_than]
        return self.random.choices(bases, [base.exposure for base in bases])[0] if bases else None

    def draw_deaths(self, target: str, there: Zone) -> int:
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

    def apply_deaths(self, deaths: int, target: str, base: Base | None, there: Zone) -> int:
        """Take the dead from those they belong to, and return their number (7.8)."""
        if base is not None:
            deaths = min(deaths, floor(base.garrison))
            if isinstance(base.holder, Contingent):
                deaths = min(deaths, base.holder.deployed)
                base.holder.apply_deaths(deaths)
            base.garrison -= deaths
        elif target == "civilians":
            deaths = min(deaths, floor(there.home))
            there.home -= deaths
        return deaths

    def apply_losses(self, there: Zone) -> int:
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

    def massed_assault(self, base: Base, there: Zone, target: str, mode: str) -> bool:
        """Mass against a base if fighters suffice (7.9); False if the attack stays an ordinary one."""
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
        deaths = self.apply_deaths(killed, target, base, there)
        lost = share_losses(model, here, min(2 * rules.attackers_lost * self.draw(), 1.0) * attackers)
        there.counts["assaults"] += 1
        if falls:
            base.fall()
        self.record_attack(there, target, mode, base, deaths, lost)
        return True

    def record_attack(self, there: Zone, target: str, mode: str, base: Base | None, deaths: int, lost: int) -> None:
        """Count an attack that took place, with its excitation (7.7) and its record (7.12)."""
        model, counts = self.model, there.counts
        there.new_excitation += model.excitation_per_attack
        there.today["attacks"] += 1
        there.today["deaths"] += deaths
        victims = {"mission_base": "mission", "border_base": "kenya", "civilians": "civilians"}.get(target)
        victims = victims or ("kenya" if target == "security" and there.kenyan else "host")
        counts["attacks"] += 1
        if base is not None:
            base.attacks += 1
        counts[f"attacks_{target}"] += 1
        counts[MODE_COUNTS[mode]] += 1
        counts[f"deaths_{victims}"] += deaths
        counts["deaths_group"] += lost
        if self.zone.kenyan != there.kenyan:
            counts["attacks_over_border"] += 1
        reporting = model.inputs.reporting
        seen = reporting.kenya if there.kenyan else reporting.somalia
        if self.draw() < (seen.lethal if deaths + lost > 0 else seen.harmless):
            counts["recorded_attacks"] += 1
            counts["recorded_lethal"] += deaths + lost > 0
            counts["recorded_deaths"] += deaths + lost
        if target != "civilians":
            counts["claimed_deaths"] += reporting.inflation * deaths


def share_losses(model: TwinState, zone: Zone, lost: float) -> int:
    """Losses of a massed assault, shared by all cells now in the zone that it came from (7.9)."""
    share = min(lost / zone.fighters, 1.0) if zone.fighters else 0.0
    running, taken = 0.0, 0
    for cell in model.agents_by_type[Cell]:
        if cell.zone is zone:
            running += share * cell.fighters
            loss = min(floor(running) - taken, cell.fighters)
            if loss > 0:
                cell.grow(-loss)
                taken += loss
    return taken
