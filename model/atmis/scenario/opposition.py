"""The part `opposition` of a scenario: the armed group, its cells, their moves, recruitment, attacks and losses."""

# fmt: off
from typing import Annotated, Literal

from pydantic import Field, model_validator

from atmis.scenario.fields import Id, Number, StrictRecord, Text, quantity_field

Q = quantity_field


class Cells(StrictRecord):
    """Cells of the armed group on the first day."""

    fighters: Number = Q("fighters at the start", "people", "documented", "al_shabaab_fighters", ge=0, le=100_000)
    mean_size: Number = Q("mean size of a cell", "people", "assumed", "judgement", ge=1, le=1000)
    size_spread: Number = Q("spread of cell sizes (standard deviation of the log)", "-", "assumed", "judgement", ge=0, le=2)


class Tempo(StrictRecord):
    """Lulls and surges: a slow regional multiplier of attacks."""

    spread: Number = Q(
        "spread of the slow regional multiplier of attacks (standard deviation of its log; 0: off)",
        "-", "estimated", ["r2_dispersion_five", "r4_monthly_autocorrelation"], ge=0, le=2,
    )  # fmt: skip
    memory_days: Number = Q("memory of the multiplier", "days", "assumed", "r4_monthly_autocorrelation", ge=1, le=3650)


class Relocation(StrictRecord):
    """Moves of cells between zones."""

    rate: Number = Q("moves of a cell at home (0: cells never leave of themselves)", "1/day", "assumed", "judgement", ge=0, le=1)
    return_rate: Number = Q("moves of a cell away from home", "1/day", "assumed", "judgement", ge=0, le=1)
    flight: Number = Q("moves under the full pressure of an offensive (0: no flight)", "1/day", "assumed", "judgement", ge=0, le=1)
    recall: Number = Q(
        "moves of cells next door to an offensive that go to defend the zone (0: no recall)", "1/day", "assumed", "judgement", ge=0, le=1
    )
    opportunity: Number = Q("pull of weak control", "-", "assumed", "judgement", ge=0, le=20)
    presence: Number = Q("push of effective troops", "per 1,000 troops", "assumed", "judgement", ge=0, le=20)
    home: Number = Q("pull of each step toward the home zone", "per step", "assumed", "judgement", ge=0, le=20)
    distance: Number = Q("cost of distance", "per 100 km", "assumed", "judgement", ge=0, le=20)
    pressure: Number = Q("push of an offensive, in the own zone too", "-", "assumed", "judgement", ge=0, le=20)


class Recruitment(StrictRecord):
    """Growth and shrinking of cells."""

    growth: Number = Q("growth of a cell far below capacity (0: no recruitment)", "1/day", "assumed", "judgement", ge=0, le=0.1)
    review_days: Annotated[int, Field(ge=1, le=365)] = Q("days between two reviews of a cell's strength", "days", "assumed", "judgement")
    control: Number = Q("loss of capacity from none to full control", "share", "assumed", "judgement", ge=0, le=1)
    funds: Number = Q("elasticity of capacity to the group's funds (0: off)", "-", "assumed", "judgement", ge=0, le=3)
    crowding: Number = Q("fastest shrinking of a cell where there is no room, against growth far below capacity", "ratio", "assumed", "judgement", ge=0, le=1)
    offensive: Number = Q("loss of capacity under the full pressure of an offensive", "share", "assumed", "judgement", ge=0, le=1)
    remnant: Number = Q("fighters from whom a beaten cell forms again", "people", "assumed", "judgement", ge=0, le=100)


class Attacks(StrictRecord):
    """Attacks by cells: how many, where and when."""

    rate: Number = Q("attacks of a mean cell at exposure 1", "1/day", "estimated", "r10_events_by_region", ge=0, le=1)
    strength: Number = Q("exponent of a cell's fighters", "-", "assumed", "judgement", ge=0, le=2)
    opportunity: Number = Q("effect of lost control on attacks (0: off)", "-", "assumed", "judgement", ge=0, le=10)
    raids: Number = Q("weight of a neighbouring zone against the cell's own", "ratio", "assumed", "judgement", ge=0, le=10)
    closed_border: Number = Q("friction of a closed border on raids over it", "-", "assumed", "judgement", ge=0, le=10)
    border_troops: Number = Q(
        "friction of troops at the border bases, for each above the first day's",
        "per 1,000 troops", "assumed", "judgement", ge=0, le=10,
    )  # fmt: skip
    coordination: Number = Q("chance that an attack on a base hits a second one that day", "probability", "assumed", "judgement", ge=0, le=1)
    spoiling: Number = Q("rise of attacks around a handover or reopening (0: off)", "ratio", "assumed", "judgement", ge=0, le=10)
    spoiling_days: Annotated[int, Field(ge=0, le=365)] = Q("days of it, before and after", "days", "assumed", "judgement")
    base_spread: Number = Q("spread of how exposed bases are (standard deviation of the log)", "-", "assumed", "judgement", ge=0, le=3)
    highest: Number = Q("highest chance that a cell attacks on a day", "probability", "assumed", "judgement", gt=0, le=0.5)
    season: list[Annotated[Number, Field(ge=0, le=5)]] = Q(
        "attacks in January to December, relative (all 1: off)", "ratio", "assumed", "judgement", min_length=12, max_length=12
    )


class Excitation(StrictRecord):
    """Attacks set off by earlier attacks."""

    branching: Number = Q("attacks that an attack sets off (0: off)", "ratio", "estimated", "r5_iraq_share", ge=0, le=0.95)
    memory_days: Number = Q("memory of it", "days", "estimated", "r5_iraq_decay", ge=1, le=365)


class TargetWeights(StrictRecord):
    """Weights of the targets in a zone."""

    mission_base: Number = Q("weight of mission bases", "per 1,000 troops", "assumed", "judgement", ge=0, le=1000)
    host_base: Number = Q("weight of host bases", "per 1,000 troops", "assumed", "judgement", ge=0, le=1000)
    border_base: Number = Q("weight of Kenya's border bases", "per 1,000 troops", "assumed", "judgement", ge=0, le=1000)
    security: Number = Q("weight of other security forces", "ratio", "assumed", "judgement", ge=0, le=1000)
    civilians: Number = Q("weight of civilians", "ratio", "assumed", "judgement", ge=0, le=1000)


class Targets(StrictRecord):
    """Weights of the targets on each side of the border."""

    kenya: TargetWeights
    somalia: TargetWeights

    @model_validator(mode="after")
    def _check_weights(self) -> "Targets":
        for country in (self.kenya, self.somalia):
            if country.security + country.civilians <= 0:
                raise ValueError("security and civilians cannot both have weight 0")
        return self


class Mix(StrictRecord):
    """Shares of the modes of attack against a target."""

    clash: Number = Q("share of clashes", "share", "assumed", "r11_mix_kenya", ge=0, le=1)
    ied: Number = Q("share of improvised explosive devices", "share", "assumed", "r11_mix_kenya", ge=0, le=1)
    raid: Number = Q("share of raids", "share", "assumed", "r11_mix_kenya", ge=0, le=1)
    suicide: Number = Q("share of suicide attacks", "share", "assumed", "r11_mix_kenya", ge=0, le=1)

    @model_validator(mode="after")
    def _check_sum(self) -> "Mix":
        total = self.clash + self.ied + self.raid + self.suicide
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares add up to {total:g}, not to 1")
        return self


class Mixes(StrictRecord):
    """Modes of attack by target."""

    mission_base: Mix
    host_base: Mix
    border_base: Mix
    security: Mix
    civilians: Mix


class Lethality(StrictRecord):
    """Deaths of attacks against a target on one side."""

    lethal: Number = Q("chance that an attack kills on the side attacked", "probability", "assumed", "r7_lethal_quantiles", ge=0, le=1)
    median: Number = Q("median deaths of a lethal attack", "people", "assumed", "r7_lethal_quantiles", ge=1, le=100)


class Severity(StrictRecord):
    """Deaths of attacks."""

    spread: Number = Q("spread of deaths of a lethal attack (standard deviation of the log)", "-", "estimated", "r7_lethal_quantiles", ge=0, le=3)
    tail: Number = Q("share of lethal attacks in the heavy tail (0: off)", "probability", "assumed", "r7_lethal_quantiles", ge=0, le=1)
    tail_start: Number = Q("deaths from which the tail holds", "people", "estimated", "r7_lethal_quantiles", ge=1, le=100)
    tail_exponent: Number = Q("exponent of the tail", "-", "estimated", "r7_lethal_quantiles", gt=1.5, le=5)
    highest: int = Q("most deaths of one attack", "people", "assumed", "judgement", ge=1, le=5000)
    mission_base: Lethality
    host_base: Lethality
    border_base: Lethality
    security_kenya: Lethality
    security_somalia: Lethality
    civilians_kenya: Lethality
    civilians_somalia: Lethality


class Assault(StrictRecord):
    """Massed assaults on bases."""

    massing: Number = Q("chance that an attack on a base is a massed assault, where fighters suffice (0: off)", "probability", "assumed", "judgement", ge=0, le=1)
    odds_low: Number = Q("lowest ratio of attackers to garrison", "ratio", "estimated", "assault_ratio", gt=0, le=20)
    odds_high: Number = Q("highest ratio of attackers to garrison", "ratio", "estimated", "assault_ratio", gt=0, le=20)
    commitment: Number = Q("share of the fighters within reach that can be massed", "share", "assumed", "judgement", ge=0, le=1)
    even_odds: Number = Q("attackers to ready defenders at which a base falls every second time", "ratio", "assumed", "assault_ratio", gt=0, le=50)
    steepness: Number = Q("steepness of the outcome in the log of the odds", "-", "assumed", "judgement", ge=0, le=20)
    newly_held: Number = Q("extra log odds just after a handover (0: off)", "-", "assumed", "judgement", ge=0, le=10)
    newly_held_days: Number = Q("memory of it", "days", "assumed", "judgement", ge=1, le=3650)
    killed_overrun: Number = Q("mean share of the garrison killed when a base falls", "share", "estimated", "el_adde_killed", ge=0, le=1)
    killed_repelled: Number = Q("mean share of the garrison killed when it holds", "share", "assumed", "judgement", ge=0, le=1)
    attackers_lost: Number = Q("mean share of the attackers killed", "share", "assumed", "judgement", ge=0, le=1)
    loot: Number = Q("rise of the group's funds with a base that falls", "share", "assumed", "judgement", ge=0, le=1)
    shock: Number = Q("loss of readiness of the holder's bases in the zone", "share", "assumed", "judgement", ge=0, le=1)
    retaken_mission_days: Number = Q("mean days until the mission retakes a base", "days", "estimated", "au_retaking_days", ge=1, le=3650)
    retaken_host_days: Number = Q("mean days until a host force retakes a base", "days", "assumed", "judgement", ge=1, le=36500)

    @model_validator(mode="after")
    def _check_order(self) -> "Assault":
        if self.odds_low > self.odds_high:
            raise ValueError(f"odds_low ({self.odds_low:g}) is above odds_high ({self.odds_high:g})")
        return self


class Response(StrictRecord):
    """Losses of cells after attacks."""

    losses: Number = Q("mean losses of a cell after an attack, as share of its fighters (0: off)", "share", "assumed", "judgement", ge=0, le=1)
    per_troops: Number = Q("rise of these losses with effective troops", "per 1,000 troops", "assumed", "judgement", ge=0, le=10)
    rest_share: Number = Q("losses in one attack from which a cell lies low", "share", "assumed", "judgement", gt=0, le=1)
    rest_days: Annotated[int, Field(ge=0, le=730)] = Q("days it lies low (0: off)", "days", "assumed", "judgement")


class Opposition(StrictRecord):
    """The armed group."""

    name: Id
    assumes: Text
    cells: Cells
    tempo: Tempo
    relocation: Relocation
    recruitment: Recruitment
    attacks: Attacks
    excitation: Excitation
    targets: Targets
    mix: Mixes
    severity: Severity
    assault: Assault
    response: Response


TARGETS: tuple[Literal["mission_base", "host_base", "border_base", "security", "civilians"], ...] = (
    "mission_base", "host_base", "border_base", "security", "civilians",
)  # fmt: skip
MODES = ("clash", "ied", "raid", "suicide")
