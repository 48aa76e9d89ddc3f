"""Bad configurations as a user may write them: YAML below a scenario, whole files, and files of every group.

Each row of the tables is what the user writes and what the error message must contain besides the name of the file:
key, value, what is allowed, the nearest valid name. `tests/scenario/test_bad_configs.py` tests each message,
`benchmarks/hostile.py` measures how long it takes.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import cli

RULE = """\
plan:
  rules:
    wait:
      when: {indicator: attacks, zones: [gedo], window_days: 30, above: 30, for_days: 14}
      then: hold
      phases: [phase_1]
      at_most_days: 365
      class: assumed
      source: [judgement]
"""
# --- Text below a user's own scenario, and what the message must contain besides the file. ---
FILES = {
    "typo of a key": ("host:\n  efect: 0.3\n", "unknown key 'host.efect'", "did you mean 'effect'?"),
    "typo of a group": ("hosts:\n  effect: 0.3\n", "unknown key 'hosts'", "did you mean 'host'?"),
    "typo in a phase": ("plan:\n  phases:\n    phase_1:\n      strat: 2022-12-01\n", "'plan.phases.phase_1.strat'", "'start'?"),
    "no for a number": ("host:\n  effect: no\n", "host.effect: false is not a number", "YAML reads"),
    "no for a name": ("plan:\n  name: no\n", "plan.name: false is not a text", "quotes"),
    "yes for a number": ("host:\n  effect: yes\n", "host.effect: true is not a number"),
    "octal": ("plan:\n  replacement_days: 010\n", "line 10", "010", "base 8"),
    "base of 60": ("plan:\n  replacement_days: 1:30\n", "line 10", "1:30", "base 60"),
    "text for a number": ("host:\n  effect: '0.3'\n", "host.effect: '0.3' is not a number"),
    "nothing for a number": ("host:\n  effect:\n", "host.effect: null is not a number"),
    "comma for a point": ("host:\n  effect: 0,3\n", "host.effect: '0,3' is not a number"),
    "unit behind a number": ("host:\n  effect: 30 %\n", "host.effect: '30 %' is not a number"),
    "out of range": ("host:\n  effect: 3\n", "host.effect: 3 is out of range", "at least 0, at most 2 (ratio)"),
    "not a number": ("host:\n  effect: .nan\n", "host.effect: nan is not a finite number"),
    "infinite": ("host:\n  effect: .inf\n", "host.effect: inf is not a finite number"),
    "30 February": ("period:\n  start: 2022-02-30\n", "period.start: '2022-02-30' is not a day of the calendar"),
    "day first": ("period:\n  start: 01.04.2022\n", "period.start: '01.04.2022' is not a day of the calendar (form 2022-04-01)"),
    "reversed": ("period:\n  start: 2026-04-01\n", "period", "starts on 2026-04-01, after its end 2025-12-31"),
    "list for a block": ("plan:\n  - phases\n", "plan: a list is given where a block of keys is expected"),
    "list for a block below": ("plan:\n  phases:\n    - one\n", "plan.phases: a list is given where a block"),
    "block for a list": ("opposition:\n  attacks:\n    season: {may: 2}\n", "opposition.attacks.season: a block of keys is given where a list is expected"),
    "number for a block": ("plan: 3\n", "plan: 3 is not a block of keys"),
    "key twice": ("host:\n  effect: 0.1\n  effect: 0.2\n", "line 11", "key 'effect' occurs twice"),
    "group twice": ("host:\n  effect: 0.1\nhost:\n  effect: 0.2\n", "line 11", "key 'host' occurs twice"),
    "key that is no text": ("host:\n  no: 1\n", "line 10", "key no is not a text"),
    "key that is a number": ("plan:\n  phases:\n    1: {}\n", "line 11", "key 1 is not a text"),
    "key that is a list": ("? [a, b]\n: 1\n", "line 9", "key must be a single word"),
    "non-breaking space": ("host:\n  effect:\u00a00.3\n", "line 10", "non-breaking space"),
    "comma as a decimal in braces": ("host: {effect: 0,3}\n", "line 9", "key 3 is not a text"),
    "on for a name": ("plan:\n  name: on\n", "plan.name: true is not a text", "quotes"),
    "phases over strength": ("plan:\n  phases:\n    phase_1:\n      troops: {kenya: 4001}\n", "4,001 troops of Kenya", "only 4,000"),
    "a text too long": (f"host:\n  assumes: {'a' * 2001}\n", "host.assumes", "is too long", "at most 2000 letters"),
    "a name too long": (f"plan:\n  name: {'a' * 61}\n", "plan.name", "is too long", "at most 60 letters"),
    "a name like a path": ("plan:\n  name: ../plan\n", "plan.name: '../plan' is not a name"),
    "a name like a formula": ("plan:\n  name: =1+1\n", "plan.name: '=1+1' is not a name"),
    "a name like a tag of HTML": ("plan:\n  name: <script>\n", "plan.name: '<script>' is not a name"),
    "a day that is a time": ("period:\n  start: 2022-04-01T00:00:00\n", "'2022-04-01T00:00:00' is not a date of the form 2022-04-01"),
    "a block of Hydra's": ("_target_: os.system\n", "unknown key '_target_'"),
    "a call in a block": ("host:\n  _target_: os.system\n  _args_: [id]\n", "unknown key 'host._", "known: assumes"),
    "a template": ("host:\n  effect: '{{ 1 }}'\n", "host.effect: '{{ 1 }}' is not a number"),
    "tab": ("host:\n\teffect: 0.3\n", "line 10", "a tab"),
    "second colon": ("scenario_note: this: that\n", "line 9", "a second ':'"),
    "wrong indentation": ("host:\n    effect: 0.3\n  generation: {}\n", "line 11", "indentation"),
    "open bracket": ("host: {effect: 0.3\n", "line 10", "bracket"),
    "open quote": ("host: 'effect\n", "a quote is not closed"),
    "at sign": ("host: @effect\n", "line 9", "no value can begin"),
    "second document": ("---\nhost: {}\n", "line 9", "second document"),
    "alias": ("host: &h {effect: 0.3}\nsociety: *h\n", "line 9", "anchors (&name) and aliases (*name)"),
    "merge": ("host:\n  <<: {effect: 0.3}\n", "line 10", "key <<"),
    "tag of Python": ("host: !!python/object/apply:os.system ['true']\n", "line 9", "tags", "not allowed"),
    "tag of one's own": ("host: !include other.yaml\n", "line 9", "tags (!include)"),
    "tag of YAML": ("host:\n  effect: !!float 3\n", "line 10", "tags"),
    "binary": ("host: !!binary aGVsbG8=\n", "line 9", "tags"),
    "deep": (f"host: {'[' * 100}{']' * 100}\n", "line 9", "deeper than 50 levels"),
    "many values": ("host: [" + "0,0,\n  " * 15_001 + "0]\n", "more than 30,000 values"),
    "resolver of the environment": ("host:\n  effect: ${oc.env:HOME}\n", "line 10", "${oc.env:HOME}", "resolver"),
    "resolver by a reference": ("plan:\n  assumes: oc.env\nhost:\n  assumes: ${${plan.assumes}:HOME}\n", "line 12", "resolver"),
    "reference without an end": (f"host:\n  assumes: {'${' * 5_000}\n", "line 10", "resolver"),
    "line without an end": (f"host:\n  effect: {'9' * 20_000}\n", "more than 20,000 letters"),
    "resolver with a key": ("host:\n  ${oc.env:HOME}: 1\n", "line 10", "resolver"),
    "reference to nothing": ("host:\n  effect: ${hots.effect}\n", "host.effect: '${hots.effect}' refers to 'hots.effect', which does not exist"),
    "value still to be given": ("host:\n  effect: ???\n", "line 10", "???"),
    "value still to be given, in quotes": ("host:\n  effect: '???'\n", "line 10", "'???' marks a value"),
    "settings of Hydra": ("hydra:\n  run: {dir: /tmp}\n", "key 'hydra'", "Hydra itself"),
    "equals sign": ("host:\n  name: =\n", "line 10", "YAML"),
    "rule of an unknown phase": (RULE.replace("[phase_1]", "[phase_one]"), "plan.rules.wait.phases: 'phase_one' is not known", "did you mean 'phase_"),
    "rule over an unknown zone": (RULE.replace("[gedo]", "[gedoo]"), "plan.rules.wait.when.zones", "'gedoo' is not known here", "'gedo'?"),
    "rule over no zone": (RULE.replace("[gedo]", "[]"), "zones: has 0 items", "at least 1"),
    "rule on what": (RULE.replace("attacks", "attack"), "indicator: 'attack' is not one of", "did you mean 'attacks'?"),
    "rule that does what": (RULE.replace("hold", "halt"), "then: 'halt' is not one of 'hold' or 'hasten'"),
    "rule without a limit": (RULE.replace("      at_most_days: 365\n", ""), "key 'plan.rules.wait.at_most_days' is missing"),
}  # fmt: skip

# 258 bytes that expand to 14 million values.
BOMB = "a: &a [x,x,x]\n" + "\n".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)
HEAD, REST = cli.SCENARIO.split("\n", 1)
# --- Whole files in a user's own folder: name, content, and what the message must contain besides the name. ---
WHOLE = {
    "empty": ("scenario/mine.yaml", "", "is empty", "a block of keys"),
    "only a comment": ("scenario/mine.yaml", "# to do\n", "is empty"),
    "a list": ("scenario/mine.yaml", "- host\n- effect\n", "holds a list"),
    "a word": ("scenario/mine.yaml", "host\n", "holds a single value"),
    "not UTF-8": ("scenario/mine.yaml", cli.SCENARIO.encode() + b"note: caf\xe9\n", "line 9", "UTF-8"),
    "UTF-16": ("scenario/mine.yaml", cli.SCENARIO.encode("utf-16"), "UTF-8"),
    "UTF-16 without its mark": ("scenario/mine.yaml", cli.SCENARIO.encode("utf-16-le"), "is not a text in YAML"),
    "Latin-1": ("scenario/mine.yaml", cli.SCENARIO.encode() + "# Köln\n".encode("latin-1"), "line 9", "UTF-8"),
    "a program": ("scenario/mine.yaml", b"\x7fELF\x02\x01\x01\x00\x00", "is not a text in YAML"),
    "bomb of aliases": ("scenario/mine.yaml", BOMB, "aliases"),
    "too large": ("scenario/mine.yaml", cli.SCENARIO + "# " + "x" * 2_000_001 + "\n", "larger than 2,000,000 bytes"),
    "without its first line": ("scenario/mine.yaml", REST, "first line", "# @package _global_"),
    "first line not first": ("scenario/mine.yaml", f"# my own\n{cli.SCENARIO}", "first line", "# @package _global_"),
    "first line with a rest": ("scenario/mine.yaml", f"{HEAD} please\n{REST}", "first line"),
    "under Hydra": ("scenario/mine.yaml", f"# @package hydra\n{REST}", "Hydra itself"),
    "without a name": ("scenario/mine.yaml", cli.SCENARIO.replace("  name: mine\n", ""), "key", "missing"),
    "default that is not there": (
        "scenario/mine.yaml", cli.SCENARIO.replace("plan: small", "plan: smal"), "no plan 'smal'", "did you mean 'small'?",
    ),
    "default of no group": ("scenario/mine.yaml", cli.SCENARIO.replace("/plan", "/plans"), "no group 'plans'", "'plan'?"),
    "default without a slash": ("scenario/mine.yaml", cli.SCENARIO.replace("/plan", "plan"), "write 'override /plan'"),
    "default without override": ("scenario/mine.yaml", cli.SCENARIO.replace("override /plan", "/plan"), "write 'override /plan'"),
    "defaults that are a block": ("scenario/mine.yaml", cli.SCENARIO.replace("- override /plan", "override /plan").replace("- over", "over"), "defaults", "a list"),
    "default that is empty": ("scenario/mine.yaml", cli.SCENARIO.replace("override /plan: small", ""), "defaults", "a list"),
    "default of the environment": ("scenario/mine.yaml", cli.SCENARIO.replace("small", "${oc.env:HOME}"), "resolver"),
    "default of Hydra": ("scenario/mine.yaml", cli.SCENARIO.replace("/plan: small", "/hydra/launcher: joblib"), "Hydra itself"),
    "default that is itself": ("plan/small.yaml", "defaults:\n  - small\n" + cli.PLAN, "lists itself"),
    "file that ends in yml": ("scenario/other.yml", cli.SCENARIO, "no scenario 'other'", "rename", ".yaml"),
    "negative in a plan": ("plan/small.yaml", cli.PLAN.replace("3000", "-3000"), "plan.phases.phase_2.troops: -3000 is out of range"),
    "typo in a plan": ("plan/small.yaml", cli.PLAN.replace("handovers:", "handover:", 1), "'plan.phases.phase_1.handover'", "'handovers'?"),
    "key that is missing in a plan": ("plan/small.yaml", cli.PLAN.replace("pauses: {}\n", ""), "key 'plan.pauses' is missing"),
    "unknown base in a plan": ("plan/small.yaml", cli.PLAN.replace("maslah", "masla"), "plan.phases.phase_1.handovers.masla", "did you mean 'maslah'?"),
    "too many troops in a plan": ("plan/small.yaml", cli.PLAN.replace("kenya: 400", "kenya: 4400"), "4,400 troops of Kenya", "only 4,000"),
}  # fmt: skip

ASSUMED = "class: assumed, source: [judgement]"
WHEN = "window_days: 30, above: 30, for_days: 14}, then: hold, phases: [phase_1], at_most_days: 365"
NAMED = "name: odd\n"
PARAMETERS = "design: grid\npoints: 3\nparameters: "
# --- Files of every group, each based on one of atmis: the text below, and what the message must contain. ---
BASED = {
    "evidence": "hks2014", "host": "reference", "kenya": "reference", "opposition": "reference", "society": "reference",
    "reporting": "ucdp", "draws": "reference", "plan": "small", "theatre": "small", "sweep": "one", "executor": "threads",
}  # fmt: skip
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "evidence": {
        "typo": ("atacks: 0.1", "unknown key 'evidence.atacks'", "did you mean 'attacks'?"),
        "beyond": ("attacks: 40", "evidence.attacks: 40 is out of range", "at least -5, at most 5 (per 1,000 effective troops)"),
        "with its unit": ("attacks: 0.13 per 1,000", "evidence.attacks: '0.13 per 1,000' is not a number", "at least -5, at most 5"),
        "in percent": ("attacks: 13%", "evidence.attacks: '13%' is not a number", "at most 5 (per 1,000 effective troops)"),
        "on": ("attacks: on", "evidence.attacks: true is not a number", "YAML reads yes, no, on and off"),
        "minus of a printer": ("attacks: −0.1", "evidence.attacks: '−0.1' is not a number"),
        "minus infinity": ("attacks: -.inf", "evidence.attacks: -inf is not a finite number"),
        "days below one": ("spike_days: -3", "evidence.spike_days: -3 is out of range", "at least 1, at most 3,650 (days)"),
        "class": ("class: known", "evidence.class: 'known' is not one of 'documented', 'estimated' or 'assumed'"),
        "class in printer's quotes": ("class: “assumed”", "'“assumed”' is not one of", "did you mean 'assumed'?"),
        "source that is no list": ("source: hks2014", "evidence.source: 'hks2014' is not a list", "write [hks2014]"),
        "source of several words": ("source: [my own study]", "'my own study' is not a name", "small letters, digits and _"),
        "under its own name": ("evidence: {attacks: 0.1}", "unknown key 'evidence.evidence'", "known: assumes, attacks"),
        "sentence that is a number": ("assumes: 7", "evidence.assumes: 7 is not a text"),
    },
    "host": {
        "force": ("generation: {federal_amry: {pool: 1, rate: 1}}", "'federal_amry' is not known here", "did you mean 'federal_army'?"),
        "rate negative": ("generation: {federal_army: {rate: -1}}", "host.generation.federal_army.rate: -1 is out of range", "(troops/day)"),
        "share in percent": ("readiness: {ceiling: 70}", "host.readiness.ceiling: 70 is out of range", "at least 0, at most 1 (share)"),
        "typo": ("readiness: {ceilling: 0.7}", "unknown key 'host.readiness.ceilling'", "did you mean 'ceiling'?"),
        "no days": ("readiness: {growth_days: 0}", "host.readiness.growth_days: 0 is out of range", "at least 1"),
        "offensive reversed": ("offensives: {central_somalia: {end: 2022-07-01}}", "starts on 2022-08-01, after its end 2022-07-01"),
        "zone that is no list": ("offensives: {central_somalia: {zones: hiraan}}", "zones: 'hiraan' is not a list", "write [hiraan]"),
        "offensive without all": ("offensives: {x: {name: X}}", "key 'host.offensives.x.class' is missing", "(and 6 more"),
        "troops in words": ("offensives: {central_somalia: {troops: {federal_army: lots}}}", "federal_army: 'lots' is not a whole number", "at most 100,000"),
        "troops of whom": ("offensives: {central_somalia: {troops: {us_army: 3}}}", "'us_army' is not known here", "known: federal_army"),
        "date in words": (f"shocks: {{one: {{name: One, date: 31 March 2024, force: federal_army, troops: 1, readiness: 0, {ASSUMED}}}}}", "host.shocks.one.date: '31 March 2024' is not a date of the form 2022-04-01"),
        "half a soldier": (f"shocks: {{one: {{name: One, date: 2024-03-31, force: federal_army, troops: 1.5, readiness: 0, {ASSUMED}}}}}", "host.shocks.one.troops: 1.5 is not a whole number", "at most 100,000"),
        "block that is nothing": ("garrisons: null", "host.garrisons: null is not a block of keys"),
        "list of shocks": ("shocks: []", "host.shocks: a list is given where a block of keys is expected"),
    },
    "kenya": {
        "31 September": ("agreement: {start: 2023-09-31}", "kenya.agreement.start: '2023-09-31' is not a day of the calendar"),
        "thousands": ("haiti:\n  officers: 2,500", "kenya.haiti.officers: '2,500' is not a whole number", "at most 100,000 (people)"),
        "reversed": ("haiti: {end: 2024-01-01}", "haiti starts on 2024-06-25, after its end 2024-01-01"),
        "segment": ("reopening: {steps: {mandera_gedoo: 2023-05-15}}", "'mandera_gedoo' is not known here", "did you mean 'mandera_gedo'?"),
        "date of a segment": ("reopening: {steps: {mandera_gedo: soon}}", "kenya.reopening.steps.mandera_gedo: 'soon' is not a date of the form"),
        "yes in quotes": ("reopening: {unconditional: 'yes'}", "kenya.reopening.unconditional: 'yes' is not true or false"),
        "threshold": ("reopening: {threshold: -1}", "kenya.reopening.threshold: -1 is out of range", "at least 0"),
        "gain in percent": ("agreement: {gain: 20}", "kenya.agreement.gain: 20 is out of range", "at most 5 (share)"),
        "number for a block": ("home: 1.0", "kenya.home: 1.0 is not a block of keys"),
    },
    "opposition": {
        "fighters negative": ("cells: {fighters: -9500}", "opposition.cells.fighters: -9500 is out of range", "at most 100,000 (people)"),
        "fighters from to": ("cells: {fighters: 7000-12000}", "'7000-12000' is not a number", "at least 0, at most 100,000 (people)"),
        "fighters absurd": ("cells: {fighters: 1000000000}", "opposition.cells.fighters: 1000000000 is out of range", "at most 100,000"),
        "thirteen months": ("attacks: {season: [1,1,1,1,1,1,1,1,1,1,1,1,1]}", "opposition.attacks.season: has 13 items", "at most 12"),
        "a month in words": ("attacks: {season: [1,1,1,1,1,1,1,1,1,1,1,x]}", "season.11: 'x' is not a number", "at least 0, at most 5"),
        "explosive": ("excitation: {branching: 1.2}", "opposition.excitation.branching: 1.2 is out of range", "at most 0.95 (ratio)"),
        "shares": ("mix: {civilians: {ied: 0.9}}", "opposition.mix.civilians: the shares add up to 1.7, not to 1"),
        "typo in a mix": ("mix: {civilian: {ied: 0.9}}", "unknown key 'opposition.mix.civilian'", "did you mean 'civilians'?"),
        "typo in targets": ("targets: {somali: {civilians: 1}}", "unknown key 'opposition.targets.somali'", "did you mean 'somalia'?"),
        "rate with its unit": ("attacks: {rate: 1/day}", "opposition.attacks.rate: '1/day' is not a number", "at most 1 (1/day)"),
        "probability in percent": ("attacks: {highest: 50%}", "'50%' is not a number", "more than 0, at most 0.5 (probability)"),
        "median of nobody": ("severity: {civilians_kenya: {median: 0}}", "median: 0 is out of range", "at least 1, at most 100 (people)"),
    },
    "society": {
        "typo": ("control: {relaxation: 180}", "unknown key 'society.control.relaxation'", "did you mean 'relaxation_days'?"),
        "kilometres": ("presence: {reach_km: 60 km}", "society.presence.reach_km: '60 km' is not a number", "at most 1,000 (km)"),
        "reach of nothing": ("presence: {reach_km: 0}", "society.presence.reach_km: 0 is out of range", "more than 0"),
        "list": ("displacement: [1, 2]", "society.displacement: a list is given where a block of keys is expected"),
    },
    "reporting": {
        "more than all": ("kenya: {lethal: 1.1}", "reporting.kenya.lethal: 1.1 is out of range", "at most 1 (probability)"),
        "another country": ("ethiopia: {lethal: 0.5}", "unknown key 'reporting.ethiopia'", "known: assumes, inflation, kenya"),
        "deflation": ("inflation: 0", "reporting.inflation: 0 is out of range", "at least 1, at most 10 (ratio)"),
    },
    "draws": {
        "file without its hash": ("file: mine\nsha256: null", "draws: file and sha256 go together"),
        "file that is not there": ("file: refrence", "draws.file: refrence cannot be read", "did you mean 'reference'?"),
        "no hash": ("sha256: abc", "draws.sha256: 'abc' is not a hash", "64 hexadecimal digits"),
        "another hash": (f"sha256: {'a' * 64}", "draws.sha256:", "it is not the file that is meant"),
        "month 13": ("fitted_to: 2022-13", "draws.fitted_to: '2022-13' is not a month", "such as 2015-03"),
        "parameter": ("instead_of: {opposition.attacks.raid: 0.06}", "'opposition.attacks.raid' is not drawn by reference", "did you mean 'opposition.attacks.raids'?"),
        "parameters without a file": ("file: null\nsha256: null", "draws: instead_of holds the parameters that the file draws"),
    },
    "plan": {
        "29 February": ("phases: {phase_1: {date: 2023-02-29}}", "plan.phases.phase_1.date: '2023-02-29' is not a day of the calendar"),
        "typo": ("phase: {}", "unknown key 'plan.phase'", "did you mean 'phases'?"),
        "contingent": ("phases: {phase_1: {troops: {kenia: 400}}}", "phase_1.troops.kenia: 'kenia' is not known here", "did you mean 'kenya'?"),
        "half a soldier": ("phases: {phase_2: {troops: 3000.5}}", "phase_2.troops: 3000.5 is not a whole number or a block of keys or 'all'"),
        "thousands": ("phases:\n  phase_2:\n    troops: 3,000", "phase_2.troops: '3,000' is not a whole number"),
        "in thousands": ("phases: {phase_2: {troops: 3k}}", "phase_2.troops: '3k' is not a whole number"),
        "over strength": ("phases: {phase_2: {troops: 18000}}", "phase_2.troops: 18,000 troops are to leave", "only 17,786"),
        "base": ("phases: {phase_1: {handovers: {gerily: {}}}}", "'gerily' is not known here", "did you mean 'geriley'?"),
        "border base": ("phases: {phase_1: {closures: {border_hulugho: {}}}}", "plan.phases.phase_1.closures: base 'border_hulugho' is a border_base"),
        "handovers in a list": ("phases: {phase_1: {handovers: [maslah]}}", "handovers: a list is given where a block of keys is expected"),
        "handed over to Kenya": ("phases: {phase_1: {handovers: {maslah: {to: kenya}}}}", "phase_1.handovers.maslah.to: 'kenya' is not known here", "known: federal_army"),
        "key of a handover": ("phases: {phase_1: {handovers: {maslah: {when: 2022-12-20}}}}", "handovers.maslah.when'", "known: date, to"),
        "date for a handover": ("phases: {phase_1: {handovers: {maslah: 2022-12-20}}}", "'2022-12-20' is not a block of keys"),
        "share in percent": ("redeployment: {share: 33}", "plan.redeployment.share: 33 is out of range", "at most 1 (share)"),
        "phase reversed": ("phases: {phase_2: {date: 2022-06-30}}", "starts on 2023-09-17, after its date 2022-06-30"),
        "phases that are nothing": ("phases: null", "plan.phases: null is not a block of keys"),
        "pause negative": (f"pauses: {{p: {{start: 2022-12-20, days: -1, phases: [phase_1], {ASSUMED}}}}}", "plan.pauses.p.days: -1 is out of range", "at most 3,650"),
        "pause without all": ("pauses: {p: {start: 2022-12-20}}", "key 'plan.pauses.p.class' is missing", "and 3 more"),
        "pause of one phase": (f"pauses: {{p: {{start: 2022-12-20, days: 9, phases: phase_1, {ASSUMED}}}}}", "plan.pauses.p.phases: 'phase_1' is not a list", "write [phase_1]"),
        "slip from to": (f"slips: {{s: {{phase: phase_1, days: [3, 9], {ASSUMED}}}}}", "plan.slips.s.days: a list of 2 is not a whole number or a block of keys", "at most 3,650"),
        "slip of no phase": (f"slips: {{s: {{phase: phase_3, days: 9, {ASSUMED}}}}}", "plan.slips.s.phase: 'phase_3' is not known here", "did you mean 'phase_"),
        "successor is yes": ("successor: yes", "plan.successor: true is not a block of keys", "YAML reads yes"),
        "rule on what": (f"rules: {{r: {{when: {{indicator: atacks, zones: [gedo], {WHEN}, {ASSUMED}}}}}", "indicator: 'atacks' is not one of 'attacks', 'deaths' or 'overruns'", "did you mean 'attacks'?"),
        "rule of one zone": (f"rules: {{r: {{when: {{indicator: attacks, zones: gedo, {WHEN}, {ASSUMED}}}}}", "plan.rules.r.when.zones: 'gedo' is not a list", "write [gedo]"),
        "30 February of an incident": (f"incidents: {{i: {{base: maslah, date: 2022-02-30, killed: 3, abandoned: false, {ASSUMED}}}}}", "plan.incidents.i.date: '2022-02-30' is not a day of the calendar"),
        "killed negative": (f"incidents: {{i: {{base: maslah, date: 2022-12-30, killed: -3, abandoned: false, {ASSUMED}}}}}", "plan.incidents.i.killed: -3 is out of range", "at most 100,000"),
    },
    "theatre": {
        "point of the globe": ("bases: {maslah: {at: [91, 41]}}", "theatre.bases.maslah.at"),
        "point in words": ("bases: {maslah: {at: Maslah}}", "theatre.bases.maslah.at: 'Maslah' is not a list"),
        "holder": ("bases: {maslah: {holder: somalia}}", "theatre.bases.maslah.holder: 'somalia' is not known here"),
        "kind": ("bases: {maslah: {kind: camp}}", "theatre.bases.maslah.kind: 'camp' is not one of"),
        "troops negative": ("contingents: {kenya: {troops: -1}}", "theatre.contingents.kenya.troops: -1 is out of range", "at least 0"),
        "sector": ("contingents: {kenya: {sectors: [sector_9]}}", "'sector_9' is not known here", "did you mean 'sector_"),
        "zone": ("zones: {gedoo: {name: Gedo}}", "key 'theatre.zones.gedoo.", "is missing"),
        "region": ("zones: {gedo: {region: jubalnd}}", "theatre.zones.gedo.region: 'jubalnd' is not known here", "did you mean 'jubaland'?"),
        "population": ("zones: {gedo: {population: 1.5 million}}", "theatre.zones.gedo.population: '1.5 million' is not a whole number"),
    },
    "sweep": {
        "design": ("design: gird", "sweep.design: 'gird' is not one of", "did you mean 'grid'?"),
        "design without parameters": ("design: grid", "sweep.design: grid needs parameters"),
        "design without cases": ("design: list", "sweep.design: list needs cases"),
        "typo": ("point: 3", "unknown key 'sweep.point'", "did you mean 'points'?"),
        "range reversed": (f"{PARAMETERS}{{host.effect: {{low: 1, high: 0}}}}", "sweep.parameters.host.effect: low is 1, which must be less than high, 0"),
        "range that is not a number": (f"{PARAMETERS}{{host.effect: {{low: .nan, high: 1}}}}", "sweep.parameters.host.effect.low: nan is not a finite number"),
        "range without an end": (f"{PARAMETERS}{{host.effect: {{low: 0, high: .inf}}}}", "sweep.parameters.host.effect.high: inf is not a finite number"),
        "typo in a range": (f"{PARAMETERS}{{host.effect: {{lo: 0, high: 1}}}}", "'sweep.parameters.host.effect.lo'", "did you mean 'low'?"),
        "range in a word": (f"{PARAMETERS}{{host.effect: high}}", "sweep.parameters.host.effect: 'high' is not a block of keys or a list"),
        "parameter": (f"{PARAMETERS}{{host.efect: {{low: 0, high: 1}}}}", "sweep.parameters: unknown key 'host.efect'", "did you mean 'effect'?"),
        "range beyond": (f"{PARAMETERS}{{host.effect: {{low: 0, high: 9}}}}", "sweep.parameters: host.effect: 9.0 is out of range", "at least 0, at most 2 (ratio)"),
        "choice": (f"{PARAMETERS}{{host: [strong, week]}}", "sweep.parameters.host: there is no host 'week'", "did you mean 'weak'?"),
        "nothing listed": (f"{PARAMETERS}{{host.effect: []}}", "sweep.parameters.host.effect: has 0 items", "at least 1"),
        "lists in a list": (f"{PARAMETERS}{{host.effect: [[1]]}}", "a list of 1 is not true or false or a number or a text"),
        "seed": (f"{PARAMETERS}{{seed: [1, 2]}}", "sweep.parameters: 'seed' cannot vary within a sweep"),
        "no points": ("points: 0", "sweep.points: 0 is out of range", "at least 1, at most 1,000,000"),
        "Sobol of 100": ("design: sobol\npoints: 100\nparameters: {host.effect: {low: 0, high: 1}}", "sweep.points: 100 is not a power of two"),
        "zip of two lengths": ("design: zip\nparameters: {host.effect: [0, 1], host.offensive.control: [1]}", "sweep.parameters: design zip needs lists of values of one length"),
        "endless": ("design: grid\npoints: 1000000\nparameters: {host.effect: {low: 0.0, high: 1.0}, host.offensive.control: {low: 0.0, high: 1.0}}", "1,000,000,000,000 cases", "at most 1,000,000"),
        "case beyond": ("design: list\ncases: [{host.effect: 9}]", "sweep.cases: host.effect: 9 is out of range", "at most 2 (ratio)"),
        "scenario": ("scenarios: [mine, plannd]", "sweep.scenarios: there is no scenario 'plannd'", "did you mean 'planned'?"),
        "scenarios in a word": ("scenarios: every", "sweep.scenarios: 'every' is not a list or 'all'"),
        "sentence that is empty": ("assumes: ''", "sweep.assumes: '' is too short", "not empty"),
    },
    "executor": {
        "name": ("name: thread", "executor.name: 'thread' is not one of 'threads', 'processes' or 'dask'", "did you mean 'threads'?"),
        "limit negative": ("limit_seconds: -1", "executor.limit_seconds: -1 is out of range", "at least 0, at most 1,000,000"),
        "memory with its unit": ("memory_mib: 2 GB", "executor.memory_mib: '2 GB' is not a whole number", "at most 10,000,000"),
        "address that is a number": ("scheduler: 8786", "executor.scheduler: 8786 is not a text"),
        "typo": ("limit_second: 3", "unknown key 'executor.limit_second'", "did you mean 'limit_seconds'?"),
    },
}  # fmt: skip


class BadConfig(NamedTuple):
    """A user's own folder, the command that reads it, and what the message must contain."""

    files: Mapping[str, str | bytes]
    words: tuple[str, ...]
    parts: tuple[str, ...]


def bad_configs() -> dict[str, BadConfig]:
    """All bad configurations by name."""
    return dict(_bad_configs())


def _bad_configs() -> Iterator[tuple[str, BadConfig]]:
    run = ("run", "--config-dir", "my", "scenario=mine")
    for name, (text, *parts) in FILES.items():
        yield name, BadConfig({"scenario/mine.yaml": cli.SCENARIO + text}, run, ("my/scenario/mine.yaml", *parts))
    for name, (file, content, *parts) in WHOLE.items():
        words = (*run[:-1], "scenario=other") if "other" in file else run
        yield f"file: {name}", BadConfig({file: content}, words, (f"my/{file}", *parts))
    for group, rows in GROUPS.items():
        verb = "sweep" if group in ("sweep", "executor") else "run"
        for name, (text, *parts) in rows.items():
            written = f"defaults: [{BASED[group]}]\n{'' if group == 'executor' else NAMED}{text}\n"
            words = (verb, *run[1:], f"{group}=odd")
            yield f"{group}: {name}", BadConfig({f"{group}/odd.yaml": written}, words, (f"my/{group}/odd.yaml", *parts))
