"""Which regularities cannot be compared with runs, and why; and caveats on those that can."""

from collections.abc import Mapping

_NORTH = "the eleven regions add up to 103.2; the rest lies in the north, which the model does not hold"
_SIDES = "the model does not tell the two Somali sides apart outside bases; both together stand in a row of their own"
_KILOMETRES = "the model has zones, no kilometres"

# By fact, or by entry of a fact.
NOT_COMPARABLE: Mapping[str, str] = {
    "r5_triggered_share": "a range over several wars; the figures of Jubaland stand in rows of their own",
    "r5_kernel": "in words; the figures of Jubaland stand in rows of their own",
    "r5_iraq_share": "another war: the model takes it as an input",
    "r5_iraq_decay": "another war: the model takes it as an input",
    "r7_lethal_events": "counts all of Kenya, where the model has five counties; the share without deaths is compared",
    "r9_severity_exponent": "nine other wars; the tails of R7 and R8 are compared",
    "r10_events_somalia": _NORTH,
    "r12_targets_jubaland.jubaland_forces": _SIDES,
    "r12_targets_jubaland.federal_army_and_police": _SIDES,
    "r15_deaths_by_holder.federal_army_and_police": "no base of the federal army stands in Jubaland in the model",
    "r17_handover_25_km": _KILOMETRES,
    "r20_claims_verified": "the group claims deaths in the model, by a fixed ratio that is an input, and no attacks",
}
# What is not quite alike, by fact or by the beginning of its key.
CAVEATS: Mapping[str, str] = {
    "r1_deaths_by_county.Garissa": "holds the university: 152 of its deaths on one day",
    "r4_somalia_weekly_lag_1": "window not stated: the whole run",
    "r5_jubaland": "a Hawkes process with an exponential kernel fitted to days; its estimator is not stated",
    "r7": "the record is of all Kenya, 29 of its 251 events outside the five counties",
    "r8_tail_exponent": "where the tail begins is not stated: from 4 deaths on, as in R7",
    "r11": "the record has other kinds too, so its shares do not add up to 1; those of the model do",
    "r13": "the last two years of the run",
    "r13_gap_median": "median over the four bases most often attacked",
    "r14": "the last two years of the run",
    "r15": "deaths of both sides; in the model attacks on bases only, for Somali forces",
    "r16": "without assaults that the scenario plays on their dates",
    "r17_handover_10_km": "attacks on the base itself; the mean of all handovers of the run, times seven",
    "r17_geriley": "attacks on the base itself",
    "r18": "the model's reporting was set by this figure, so this only checks that it works",
    "r19": "window not stated: the whole run",
}


def incomparable_reason(pattern: str) -> str:
    """Why a pattern cannot be compared; empty where it can."""
    return NOT_COMPARABLE.get(pattern) or NOT_COMPARABLE.get(pattern.partition(".")[0], "")


def caveat(pattern: str) -> str:
    """What a reader must know about a pattern: the caveat whose key is the longest prefix of its name."""
    keys = [key for key in CAVEATS if pattern == key or pattern.startswith((f"{key}_", f"{key}."))]
    return CAVEATS[max(keys, key=len)] if keys else ""
