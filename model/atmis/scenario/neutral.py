"""Neutral values: for every mechanism those that switch it off exactly (the paragraphs *Off* of ODD section 7).

tests/scenario/test_neutral.py shows that none of its other parameters matters then; `atmis attribute` uses them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

EVERY = "*"  # in a key: each entry of the block


class Mechanism(NamedTuple):
    """A mechanism of the model, and the values that switch it off."""

    words: str
    off: Mapping[str, Any]  # values by dotted key
    dated: bool = False  # made of events with dates of their own, not of responses to events


def _under(path: str, **values: Any) -> dict[str, Any]:
    return {f"{path}.{name}": value for name, value in values.items()}


_BLOCKS: dict[str, Any] = {"phases": {}, "pauses": {}, "slips": {}, "rules": {}, "incidents": {}, "successor": None}
_EFFECTS = {"attrition": 0.0, "control": 0.0, "attacks": 0.0}
_STILL = {"rate": 0.0, "return_rate": 0.0, "flight": 0.0, "recall": 0.0}
_KINDS = (
    "mission_base", "host_base", "border_base", "security_kenya", "security_somalia", "civilians_kenya",
    "civilians_somalia",
)  # fmt: skip

# fmt: off
MECHANISMS: dict[str, Mechanism] = {
    "drawdown": Mechanism("departures and handovers", _under("plan", **_BLOCKS), dated=True),
    "redeployment": Mechanism("returning troops at border bases", _under("plan.redeployment", share=0.0)),
    "presence": Mechanism("effect of troops on attacks",
                          _under("evidence", attacks=0.0, civilians=0.0, neighbours=0.0, spike=0.0)),
    "spike": Mechanism("passing rise after a cut", _under("evidence", spike=0.0)),
    "host_forces": Mechanism("effect of host forces", _under("host", effect=0.0)),
    "border_bases": Mechanism("effect of Kenya's border bases",
                              _under("kenya.home", effect=0.0) | _under("opposition.attacks", border_troops=0.0)),
    "offensive_displacement": Mechanism(
        "flight and recall of cells by offensives",
        _under("opposition.relocation", flight=0.0, recall=0.0, pressure=0.0), dated=True),
    "offensive_pressure": Mechanism(
        "other effects of offensives",
        _under("host.offensive", **_EFFECTS) | _under("opposition.recruitment", offensive=0.0)
        | _under("society.displacement", offensive=0.0) | _under(f"host.offensives.{EVERY}", troops={}), dated=True),
    "ground_gained": Mechanism("control that offensives gain", _under("host.offensive", control=0.0), dated=True),
    "reopening": Mechanism("reopening of the border", _under("kenya.reopening", steps={}), dated=True),
    "agreement": Mechanism("US-Kenya agreement", _under("kenya.agreement", gain=0.0), dated=True),
    "haiti": Mechanism("officers sent to Haiti", _under("kenya.haiti", officers=0), dated=True),
    "capability": Mechanism("changes of Kenya's capability",
                            _under("kenya.agreement", gain=0.0) | _under("kenya.haiti", officers=0), dated=True),
    "excitation": Mechanism("attacks set off by earlier ones", _under("opposition.excitation", branching=0.0)),
    "tempo": Mechanism("lulls and surges", _under("opposition.tempo", spread=0.0)),
    "season": Mechanism("season", _under("opposition.attacks", season=[1.0] * 12)),
    "spoiling": Mechanism("attacks near announced events", _under("opposition.attacks", spoiling=0.0)),
    "attacks": Mechanism("all attacks by cells", _under("opposition.attacks", rate=0.0)),
    "raids": Mechanism("raids into the next zone", _under("opposition.attacks", raids=0.0)),
    "relocation": Mechanism("all moves of cells", _under("opposition.relocation", **_STILL)),
    "recruitment": Mechanism("recruitment", _under("opposition.recruitment", growth=0.0)),
    "funds": Mechanism("the group's funds", _under("opposition.recruitment", funds=0.0)),
    "tips": Mechanism("attacks foiled by tips", _under("society.control", tips=0.0)),
    "response": Mechanism("losses of cells after attacks", _under("opposition.response", losses=0.0)),
    "lying_low": Mechanism("cells lie low after losses", _under("opposition.response", rest_days=0)),
    "massing": Mechanism("massed assaults", _under("opposition.assault", massing=0.0)),
    "newly_held": Mechanism("weakness just after a handover", _under("opposition.assault", newly_held=0.0)),
    "control_by_presence": Mechanism("control that troops uphold", _under("society.control", presence=0.0)),
    "deaths": Mechanism("deaths of attacks", {f"opposition.severity.{kind}.lethal": 0.0 for kind in _KINDS}),
    "tail": Mechanism("heavy tail of deaths", _under("opposition.severity", tail=0.0)),
    "displacement": Mechanism("displacement of people",
                              _under("society.displacement", per_attack=0.0, per_overrun=0.0, offensive=0.0)),
    "crossing": Mechanism("people cross the border", _under("society.displacement", crossing=0.0)),
}
# fmt: on


def switched_off(names: Iterable[str], data: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted key that switch mechanisms off in a composed configuration."""
    return {path: value for name in names for key, value in MECHANISMS[name].off.items() for path in _paths(key, data)}


def _paths(key: str, data: Mapping[str, Any]) -> list[str]:
    """The keys that a key with `*` stands for: one for each entry of the block."""
    block, every, rest = key.partition(f".{EVERY}.")
    if not every:
        return [key]
    entries: Any = data
    for part in block.split("."):
        entries = entries[part]
    return [f"{block}.{name}.{rest}" for name, entry in entries.items() if entry is not None]
