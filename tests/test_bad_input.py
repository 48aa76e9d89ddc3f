"""Bad input of every kind is refused before anything is run, in one sentence that helps: where, what, what is allowed."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import cli
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atmis.experiments import run
from atmis.scenario.compose import load
from atmis.scenario.errors import InputError

# --- Words of the command line. Each case: the words after `atmis`, and what the sentence must hold. ---

COMMANDS: dict[str, tuple[str, ...]] = {
    "verb": ("rnu", "'rnu' is not a verb", "'run'"),
    "verb is an override": ("scenario=actual", "a verb comes first", "atmis run scenario=actual"),
    "verb is an option": ("--cfg job", "'--cfg' is not a verb", "known: attribute, backtest, calibrate, compare, data, discover, explore, facts, list, replay"),
    "word without a sign": ("run actual", "'actual' is not of the form key=value"),
    "no key": ("run =3", "'=3' is not of the form key=value"),
    "empty word": ("run ''", "'' is not of the form key=value"),
    "option": ("run --replicates 3", "option '--replicates'", "--help"),
    "option near another": ("run --confg-dir x", "option '--confg-dir'", "did you mean '--config-dir'?"),
    "option in front of a dash": ("run -- scenario=actual", "option '--'"),
    "config path": ("run --config-path /tmp", "option '--config-path'"),
    "config path joined": ("run --config-path=/tmp", "option '--config-path'"),
    "config name": ("run --config-name other", "option '--config-name'"),
    "rerun of a pickle": ("run --experimental-rerun config.pickle", "option '--experimental-rerun'"),
    "run flag of Hydra": ("run --run", "option '--run'"),
    "config dir that is missing": ("run --config-dir nowhere", "--config-dir nowhere", "no such folder"),
    "config dir that is a file": ("run --config-dir a_file", "--config-dir a_file", "no such folder"),
    "config dir without a name": ("run --config-dir", "--config-dir", "a name"),
    "cfg of what": ("run --cfg jobs", "--cfg", "'jobs'", "job, hydra, all"),
    "cfg of nothing": ("run --cfg", "--cfg", "job, hydra, all"),
    "cfg with multirun": ("run -m --cfg job", "--cfg cannot go with -m"),
    "cfg with info": ("run --cfg job --info all", "--cfg cannot go with --info"),
    "package without cfg": ("run --package plan", "--package", "--cfg"),
    "info of what": ("run --info everything", "--info", "'everything'", "defaults-tree"),
    "cfg of a bad override": ("run --cfg job seeed=1", "override 'seeed=1'", "did you mean 'seed'?"),
    "completion of another shell": ("-sc install=tcsh", "-sc", "install=bash"),
    "list of what": ("list scenarios", "'scenarios' is not a config group", "did you mean 'scenario'?"),
    "list of a missing folder": ("list --config-dir nowhere", "--config-dir nowhere", "no such folder"),
    "facts option": ("facts --all", "facts takes words"),
    "facts of nothing": ("facts zebra giraffe", "no fact holds 'zebra giraffe'"),
    "validate of nothing": ("validate nowhere", "nowhere", "no such file or folder"),
    "validate with an override": ("validate scenario=actual", "'scenario=actual'", "files and folders only"),
    "validate with an option": ("validate --all", "'--all'", "files and folders only"),
    "validate of a text": ("validate a_file", "a_file", "end in .yaml"),
    "validate of an empty folder": ("validate empty", "empty", "ends in .yaml"),
    # Hydra's own settings
    "hydra run dir": ("run hydra.run.dir=/tmp/x", "'hydra.run.dir=/tmp/x'", "Hydra itself"),
    "hydra run dir after a space": ("run ' hydra.run.dir=/tmp/x'", "Hydra itself"),
    "hydra run dir added": ("run ++hydra.run.dir=/tmp/x", "Hydra itself"),
    "hydra sweep dir": ("run -m hydra.sweep.dir=/tmp/x", "Hydra itself"),
    "hydra launcher": ("run hydra/launcher=joblib", "'hydra/launcher=joblib'", "Hydra itself"),
    "hydra logging": ("run hydra/job_logging=default", "Hydra itself"),
    "hydra logging as code": ("run +hydra.job_logging.handlers.x.class=os.system", "Hydra itself"),
    "hydra search path": ("run hydra.searchpath=[/tmp]", "Hydra itself"),
    "hydra search path deleted": ("run ~hydra.searchpath", "Hydra itself"),
    "hydra as a package": ("run +plan@hydra.sweep=actual", "Hydra itself"),
    # choices
    "scenario": ("run scenario=actul", "override 'scenario=actul'", "no scenario 'actul'", "did you mean 'actual'?"),
    "scenario far from all": ("run scenario=zzz", "no scenario 'zzz'", "known: accelerated, actual"),
    "scenario empty": ("run scenario=", "override 'scenario='", "scenario needs a name", "planned"),
    "scenario by path": ("run scenario=../facts/ledger", "the name of a scenario, not a path"),
    "plan": ("run plan=pause_90_day", "no plan 'pause_90_day'", "did you mean 'pause_90_days'?"),
    "plan is a number": ("run plan=3", "override 'plan=3'", "plan needs a name", "known: accelerated"),
    "plan is null": ("run plan=null", "override 'plan=null'", "plan needs a name"),
    "plan is true": ("run plan=true", "override 'plan=true'", "plan needs a name"),
    "evidence": ("run evidence=hks2015", "no evidence 'hks2015'", "did you mean 'hks20"),
    "host": ("run host=weakest", "no host 'weakest'", "did you mean 'weak'?"),
    "group": ("run plans=actual", "override 'plans=actual'", "unknown key 'plans'", "did you mean 'plan"),
    "group added": ("run +plan=actual", "override '+plan=actual'", "leave the + away"),
    "group deleted": ("run ~plan", "override '~plan'", "key 'plan' is missing"),
    "group deleted by another name": ("run ~plan=actual", "override '~plan=actual'", "another plan"),
    # several values
    "values without -m": ("run scenario=planned,actual", "'scenario=planned,actual'", "several values", "-m"),
    "range without -m": ("run seed=range(1,3)", "several values", "-m"),
    "interval": ("run -m seed=interval(1,3)", "'seed=interval(1,3)'", "interval()", "range()"),
    "glob of nothing": ("run -m scenario=glob(zzz*)", "'scenario=glob(zzz*)'", "matches nothing"),
    "too many runs": ("run -m seed=range(1,1000000)", "-m", "more than 1,000 runs"),
    "second of several": ("run -m scenario=planned,actul", "no scenario 'actul'", "'actual'"),
    "second of several out of range": ("run -m replicates=2,0", "replicates", "0", "at least 1, at most 1,000,000"),
    # Hydra's grammar
    "two signs": ("run seed==3", "override 'seed==3'", "key=value"),
    "open bracket": ("run seed=[1", "override 'seed=[1'", "brackets"),
    "open quote": ('run "seed=\'1"', "cannot be read", "quotes"),
    "index in brackets": ("run opposition.attacks.season[0]=1", "cannot be read"),
    "accent": ("run results=é", "override 'results=é'", "accents"),
    "digit first": ("run 1seed=3", "override '1seed=3'", "cannot be read"),
    "two lines": ("run 'seed=1\nreplicates=2'", "override 'seed=1 replicates=2'", "cannot be read"),
    "long": (f"run seed={'9' * 5000}", "too long"),
    "long key": (f"run {'a' * 300}=1", "too long"),
    "deep": (f"run seed={'[' * 300}{']' * 300}", "too deep"),
    # what only the whole of atmis has
    "last part of a key": ("run raids=0.1", "unknown key 'raids'", "did you mean 'opposition.attacks.raids'?"),
    "replicates beyond memory": ("run replicates=1000000", "'replicates=1000000': replicates: 1,000,000", "GB of memory", "at most"),
}  # fmt: skip

# --- Overrides of a small scenario of a user's own. ---

VALUES: dict[str, tuple[str, ...]] = {
    # keys
    "key": ("repliactes=3", "override 'repliactes=3'", "unknown key 'repliactes'", "did you mean 'replicates'?"),
    "key added": ("+repliactes=3", "override '+repliactes=3'", "unknown key", "did you mean 'replicates'?"),
    "key of a parameter": ("opposition.attacks.raid=0.1", "did you mean 'opposition.attacks.raids'?"),
    "key of a parameter added": ("+opposition.attacks.raid=0.1", "unknown key", "did you mean 'raids'?"),
    "key below a number": ("host.effect.x=1", "unknown key 'host.effect.x'", "did you mean 'host.effect'?"),
    "key there already": ("+seed=3", "override '+seed=3'", "leave the + away"),
    "key deleted": ("~seed", "override '~seed'", "key 'seed' is missing"),
    "key deleted that is not there": ("~sed", "override '~sed'", "unknown key 'sed'"),
    "place in a list": ("opposition.attacks.season.44=1", "season.44", "no such item"),
    # values
    "replicates 0": ("replicates=0", "replicates: 0 is out of range", "at least 1, at most 1,000,000"),
    "replicates negative": ("replicates=-5", "override 'replicates=-5'", "-5 is out of range"),
    "replicates and a half": ("replicates=1.5", "replicates: 1.5 is not a whole number", "at least 1, at most 1,000,000"),
    "replicates as a word": ("replicates=many", "replicates: 'many' is not a whole number"),
    "replicates as a text": ('replicates="3"', "replicates: '3' is not a whole number"),
    "replicates empty": ("replicates=", "override 'replicates='", "'' is not a whole number"),
    "replicates null": ("replicates=null", "null is not a whole number"),
    "replicates true": ("replicates=true", "true is not a whole number"),
    "replicates as a list": ("replicates=[3]", "a list of 1 is not a whole number"),
    "replicates huge": ("replicates=5000000", "5000000 is out of range", "at most 1,000,000"),
    "octal": ("replicates=010", "'010' is not a whole number"),
    "seed negative": ("seed=-1", "seed: -1 is out of range", "at least 0"),
    "seed beyond 63 bits": ("seed=9999999999999999999999", "seed", "is out of range", "less than 9,223,372,036,854,775,808"),
    "workers": ("workers=5000", "workers: 5000 is out of range", "at least 0, at most 1,024"),
    "figures": ("figures=maybe", "figures: 'maybe' is not true or false"),
    "results empty": ("results=", "results", "not empty"),
    "results is a number": ("results=3", "results: 3 is not a text"),
    "results below a file": ("results=a_file/x", "results: a_file/x", "cannot be written", "a file stands where"),
    "results that nobody can make": ("results=/proc/nope", "results: /proc/nope", "cannot be written"),
    "nan": ("host.effect=nan", "host.effect: nan is not a finite number"),
    "infinite": ("host.effect=inf", "host.effect: inf is not a finite number"),
    "overflow": ("host.effect=1e400", "host.effect: inf is not a finite number"),
    "negative": ("host.effect=-0.1", "host.effect: -0.1 is out of range", "at least 0, at most 2 (ratio)"),
    "word for a number": ("host.effect=high", "host.effect: 'high' is not a number", "at least 0, at most 2 (ratio)"),
    "no for a number": ("host.effect=no", "host.effect: 'no' is not a number"),
    "block for a number": ("host.effect={a:1}", "host.effect: a block of keys is not a number"),
    "number for a block": ("period=3", "period: 3 is not a block of keys"),
    "list for a block": ("period=[1,2]", "period: a list stands where a block of keys is wanted"),
    "null for a block": ("theatre.zones=null", "theatre.zones: null is not a block of keys"),
    "list too short": ("opposition.attacks.season=[1,1]", "season: has 2 items", "at least 12"),
    "item out of range": ("opposition.attacks.season.3=9", "season.3: 9 is out of range", "at least 0, at most 5"),
    "open end": ("theatre.zones.gedo.control=1", "control: 1 is out of range", "more than 0, less than 1 (share)"),
    "name": ("scenario.name=Mine", "scenario.name: 'Mine' is no name", "small letters, digits and _"),
    "name with a path": ("scenario.name=../x", "scenario.name: '../x' is no name"),
    "sentence empty": ("scenario.assumes=", "scenario.assumes: '' is too short", "not empty"),
    "value still to be given": ("seed=???", "seed: '???' stands where a value is still to be given"),
    "resolver of the environment": ("'scenario.assumes=${oc.env:HOME}'", "resolver", "references to keys"),
    "resolver in a resolver": ("'seed=${oc.decode:${oc.env:X}}'", "resolver"),
    "resolver of Hydra": ("'results=${hydra:runtime.cwd}'", "resolver"),
    "reference to nothing": ("'seed=${sed}'", "seed: refers to 'sed', which is not there"),
    "reference never closed": ("'seed=${replicates'", "override 'seed=${replicates'", "cannot be read"),
    # dates
    "30 February": ("period.end=2023-02-30", "period.end: '2023-02-30' is not a day of the calendar"),
    "month 13": ("period.end=2023-13-01", "'2023-13-01' is not a day of the calendar"),
    "date of another form": ("period.end=31/12/2024", "'31/12/2024' is not a day of the calendar (form 2022-04-01)"),
    "date without a day": ("period.end=2024-12", "'2024-12' is not a date of the form"),
    "date is a year": ("period.end=2024", "period.end: 2024 is not a date of the form"),
    "date of long ago": ("period.start=1066-10-14", "period.start", "between 1990-01-01 and 2100-12-31"),
    "dates reversed": ("period.end=2021-01-01", "period", "starts on 2022-04-01, after its end 2021-01-01"),
    "period too long": ("period.end=2100-12-31", "period", "is longer than"),
    "agreement reversed": ("kenya.agreement.end=2000-01-01", "kenya", "agreement starts on", "2000-01-01"),
    "mix that does not add up": ("opposition.mix.civilians.ied=0.9", "mix.civilians", "add up to", "not to 1"),
    "low above high": ("opposition.assault.odds_low=19", "odds_low (19) is above odds_high"),
    "nothing to hit": (
        "opposition.targets.kenya.security=0 opposition.targets.kenya.civilians=0",
        "targets", "security and civilians cannot both have weight 0",
    ),
}  # fmt: skip

PHASE = "plan.phases.phase_1"
PLANS = {
    "more than all": (f"{PHASE}.troops=99999", f"{PHASE}.troops", "99,999 troops are to leave, but only 18,586"),
    "more than a contingent": (f"{PHASE}.troops.kenya=4001", "4,001 troops of Kenya", "only 4,000"),
    "more than the contingents in it": (f"+{PHASE}.contingents=[kenya] {PHASE}.troops.uganda=9999", "9,999 troops of Uganda"),
    "more in the second phase": ("plan.phases.phase_2.troops=18000", "plan.phases.phase_2.troops", "only 17,786"),
    "more by shares": ("+plan.phases.phase_2.shares={djibouti:1}", "3,000 troops of Djibouti", "only 823"),
    "more police": (f"+{PHASE}.police=1041", f"{PHASE}.police", "1041 police", "only 1040"),
    "troops negative": (f"{PHASE}.troops.kenya=-1", f"{PHASE}.troops.kenya: -1 is out of range", "at least 0, at most 100,000"),
    "troops as a word": ("plan.phases.phase_2.troops=some", "'some' is not a whole number or a block of keys or 'all'"),
    "troops are no": ("plan.phases.phase_2.troops=null", "plan.phases.phase_2.troops: null is not"),
    "police as a word": (f"+{PHASE}.police=everybody", f"{PHASE}.police: 'everybody' is not", "'all'"),
    "contingent": (f"+{PHASE}.troops.kenia=1", f"{PHASE}", "'kenia' is not known here", "did you mean 'kenya'?"),
    "contingent that takes part": (f"+{PHASE}.contingents=[kenia]", "'kenia' is not known here", "'kenya'"),
    "contingent with a share": ("+plan.phases.phase_2.shares={kenia:1}", "'kenia' is not known here", "'kenya'"),
    "shares all zero": ("+plan.phases.phase_2.shares={kenya:0}", "plan.phases.phase_2", "shares are all 0"),
    "shares of no total": (f"+{PHASE}.shares={{kenya:1}}", PHASE, "shares divide a total"),
    "source that is no list": ("plan.phases.phase_2.source=judgement", "'judgement' is not a list; write [judgement]"),
    "class that is missing": ("~plan.phases.phase_2.class", "is missing; allowed: documented, estimated, assumed"),
    "shares negative": ("+plan.phases.phase_2.shares={kenya:-1}", "shares.kenya: -1 is out of range", "at least 0"),
    "phase reversed": (f"{PHASE}.start=2023-01-01", PHASE, "starts on 2023-01-01, after its date 2022-12-31"),
    "phase without a date": (f"~{PHASE}.date", f"key '{PHASE}.date' is missing"),
    "phase is a number": (f"{PHASE}=3", f"{PHASE}: 3 is not a block of keys"),
    "key of a phase": (f"+{PHASE}.handover={{}}", f"unknown key '{PHASE}.handover'", "did you mean 'handovers'?"),
    "key that is not set": (f"{PHASE}.contingents=[kenya]", f"'{PHASE}.contingents' is not set yet", f"+{PHASE}.contingents="),
    "new phase": ("+plan.phases.phase_9.start=2024-01-01", "key 'plan.phases.phase_9.", "is missing", "more: plan.phases.phase_9."),
    "class": (f"{PHASE}.class=guessed", f"{PHASE}.class: 'guessed' is not one of", "'assumed'"),
    "class misspelt": (f"{PHASE}.class=assume", "'assume' is not one of", "did you mean 'assumed'?"),
    "no source": (f"{PHASE}.source=[]", f"{PHASE}.source: has 0 items", "at least 1"),
    "remaining": (f"+{PHASE}.remaining=kept", "remaining: 'kept' is not one of 'keep', 'handover' or 'close'", "'keep'?"),
    "moves outside the phase": (f"+{PHASE}.handovers.maslah.date=2023-05-01", "'maslah' moves on 2023-05-01, outside"),
    "handed over twice": ("+plan.phases.phase_2.handovers.maslah={}", "'maslah' is handed over or closed twice", "phase_1"),
    "handed over and closed": (f"+{PHASE}.closures.maslah={{}}", PHASE, "'maslah' is both handed over and closed"),
    "closed after the handover": ("+plan.phases.phase_2.closures.maslah={}", "'maslah' is handed over or closed twice"),
    "base": (f"+{PHASE}.handovers.maslahh={{}}", f"{PHASE}.handovers.maslahh", "not known", "did you mean 'maslah'?"),
    "border base": (f"+{PHASE}.handovers.border_hulugho={{}}", "base 'border_hulugho' is a border_base", "only a mission_base"),
    "recipient": (f"{PHASE}.handovers.geriley.to=jubaland_force", "'jubaland_force' is not known here", "'jubaland_forces'?"),
    "pause of an unknown phase": (
        "+plan.pauses.rest={start:2023-01-01,days:9,phases:[phase_3],class:assumed,source:[judgement]}",
        "plan.pauses.rest.phases: 'phase_3' is not known here", "did you mean 'phase_",
    ),
    "pause of days below 0": (
        "+plan.pauses.rest={start:2023-01-01,days:-9,phases:[phase_1],class:assumed,source:[judgement]}",
        "plan.pauses.rest.days: -9 is out of range", "at least 0",
    ),
    "slip of an unknown phase": (
        "+plan.slips.late={phase:phase_0,days:9,class:assumed,source:[judgement]}",
        "plan.slips.late.phase: 'phase_0' is not known here",
    ),
    "slip with low above high": (
        "+plan.slips.late={phase:phase_1,days:{low:9,high:3},class:assumed,source:[judgement]}",
        "plan.slips.late.days: low (9) is above high (3)",
    ),
    "successor before the end of a phase": (
        "plan.successor={name:Next,date:2023-01-01,troops:{},police:0,unassigned:0,class:assumed,source:[judgement]}",
        "plan.phases.phase_2: ends on 2023-09-30, but Next follows on 2023-01-01",
    ),
    "successor of whom": (
        "plan.successor={name:Next,date:2024-01-01,troops:{egipt:1},police:0,unassigned:0,class:assumed,source:[judgement]}",
        "plan.successor", "'egipt' is not known here", "did you mean 'egypt'?",
    ),
    "redeployment of whom": ("plan.redeployment.contingent=kenia", "plan.redeployment.contingent: 'kenia' is not known", "'kenya'"),
    "redeployment of more than all": ("plan.redeployment.share=1.1", "share: 1.1 is out of range", "at least 0, at most 1 (share)"),
    "incident at no base": (
        "+plan.incidents.one={base:nowhere,date:2023-01-01,killed:3,abandoned:false,class:assumed,source:[judgement]}",
        "plan.incidents.one.base: 'nowhere' is not known here",
    ),
    "holder of a base": ("theatre.bases.maslah.holder=kenia", "theatre.bases.maslah.holder: 'kenia' is not known here"),
    "zone of a base": ("theatre.bases.maslah.zone=gedoo", "theatre.bases.maslah.zone: 'gedoo' is not known here", "'gedo'"),
    "force that is shocked": (
        "+host.shocks.one={name:One,date:2023-01-01,force:armee,troops:1,readiness:0,class:assumed,source:[judgement]}",
        "host.shocks.one.force: 'armee' is not known here",
    ),
    "zone of an offensive": (
        "host.offensives.central_somalia.zones=[hiran]",
        "host.offensives.central_somalia.zones: 'hiran' is not known here", "did you mean 'hiraan'?",
    ),
    "border segment": ("+kenya.reopening.steps.nowhere=2023-01-01", "kenya.reopening.steps", "'nowhere' is not known here"),
}  # fmt: skip

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
# --- What a user writes below a scenario of their own: text, and what the sentence must hold beside the file. ---
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
    "list for a block": ("plan:\n  - phases\n", "plan: a list stands where a block of keys is wanted"),
    "list for a block below": ("plan:\n  phases:\n    - one\n", "plan.phases: a list stands where a block"),
    "block for a list": ("opposition:\n  attacks:\n    season: {may: 2}\n", "opposition.attacks.season: a block of keys stands where a list is wanted"),
    "number for a block": ("plan: 3\n", "plan: 3 is not a block of keys"),
    "key twice": ("host:\n  effect: 0.1\n  effect: 0.2\n", "line 11", "key 'effect' stands twice"),
    "group twice": ("host:\n  effect: 0.1\nhost:\n  effect: 0.2\n", "line 11", "key 'host' stands twice"),
    "key that is no text": ("host:\n  no: 1\n", "line 10", "key no is not a text"),
    "key that is a number": ("plan:\n  phases:\n    1: {}\n", "line 11", "key 1 is not a text"),
    "key that is a list": ("? [a, b]\n: 1\n", "line 9", "key must be a single word"),
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
    "many values": (f"host: [{'0,' * 30_001}0]\n", "more than 30,000 values"),
    "resolver of the environment": ("host:\n  effect: ${oc.env:HOME}\n", "line 10", "${oc.env:HOME}", "resolver"),
    "resolver with a key": ("host:\n  ${oc.env:HOME}: 1\n", "line 10", "resolver"),
    "reference to nothing": ("host:\n  effect: ${hots.effect}\n", "host.effect: '${hots.effect}' refers to 'hots.effect', which is not there"),
    "value still to be given": ("host:\n  effect: ???\n", "line 10", "???"),
    "value still to be given, in quotes": ("host:\n  effect: '???'\n", "line 10", "'???' stands where a value"),
    "settings of Hydra": ("hydra:\n  run: {dir: /tmp}\n", "key 'hydra'", "Hydra itself"),
    "equals sign": ("host:\n  name: =\n", "line 10", "YAML"),
    "rule of an unknown phase": (RULE.replace("[phase_1]", "[phase_one]"), "plan.rules.wait.phases: 'phase_one' is not known", "did you mean 'phase_"),
    "rule over an unknown zone": (RULE.replace("[gedo]", "[gedoo]"), "plan.rules.wait.when.zones", "'gedoo' is not known here", "'gedo'?"),
    "rule over no zone": (RULE.replace("[gedo]", "[]"), "zones: has 0 items", "at least 1"),
    "rule on what": (RULE.replace("attacks", "attack"), "indicator: 'attack' is not one of", "did you mean 'attacks'?"),
    "rule that does what": (RULE.replace("hold", "halt"), "then: 'halt' is not one of 'hold' or 'hasten'"),
    "rule without a limit": (RULE.replace("      at_most_days: 365\n", ""), "key 'plan.rules.wait.at_most_days' is missing"),
}  # fmt: skip

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)
HEAD, REST = cli.SCENARIO.split("\n", 1)
# --- Whole files in a folder of a user's own: their name, content, and what the sentence must hold beside the name. ---
WHOLE = {
    "empty": ("scenario/mine.yaml", "", "is empty", "a block of keys"),
    "only a comment": ("scenario/mine.yaml", "# to do\n", "is empty"),
    "a list": ("scenario/mine.yaml", "- host\n- effect\n", "holds a list"),
    "a word": ("scenario/mine.yaml", "host\n", "holds a single value"),
    "not UTF-8": ("scenario/mine.yaml", cli.SCENARIO.encode() + b"note: caf\xe9\n", "line 9", "UTF-8"),
    "UTF-16": ("scenario/mine.yaml", cli.SCENARIO.encode("utf-16"), "UTF-8"),
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
    "broken file beside it": ("host/broken.yaml", "effect: [1\n", "bracket"),
    "negative in a plan": ("plan/small.yaml", cli.PLAN.replace("3000", "-3000"), "plan.phases.phase_2.troops: -3000 is out of range"),
    "typo in a plan": ("plan/small.yaml", cli.PLAN.replace("handovers:", "handover:", 1), "'plan.phases.phase_1.handover'", "'handovers'?"),
    "key that is missing in a plan": ("plan/small.yaml", cli.PLAN.replace("pauses: {}\n", ""), "key 'plan.pauses' is missing"),
    "unknown base in a plan": ("plan/small.yaml", cli.PLAN.replace("maslah", "masla"), "plan.phases.phase_1.handovers.masla", "did you mean 'maslah'?"),
    "too many troops in a plan": ("plan/small.yaml", cli.PLAN.replace("kenya: 400", "kenya: 4400"), "4,400 troops of Kenya", "only 4,000"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    """An empty working folder, quick YAML, and no run: a case that is let through fails at once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "_run", lambda *words: pytest.fail("a run was started"))
    (tmp_path / "a_file").write_text("a text\n")
    (tmp_path / "empty").mkdir()


def judge(said: cli.Said, parts: tuple[str, ...], before: set[str]) -> None:
    """One helpful sentence, and nothing else."""
    collected = os.environ.get("SENTENCES")  # a file: all sentences, to be read as a newcomer would
    if collected:
        with open(collected, "a", encoding="utf-8") as file:
            file.write(said.err)
    assert said.code == 2, said
    assert said.out == ""
    assert re.fullmatch(r"atmis: [^\n]+\n", said.err), said.err
    assert "Traceback" not in said.err
    assert len(said.err) < 700
    for part in parts:
        assert part in said.err
    assert cli.tree(Path.cwd()) == before


def refused(words: list[str], parts: tuple[str, ...]) -> None:
    before = cli.tree(Path.cwd())
    judge(cli.call(*words), parts, before)


def split(words: str) -> list[str]:
    """The words of a line, in which quotes hold a word together."""
    return [
        quoted or double or bare
        for quoted, double, bare in re.findall(r"'([^']*)'(?!\S)|\"([^\"]*)\"(?!\S)|(\S+)", words)
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_words(name):
    words, *parts = COMMANDS[name]
    refused(["run", ""] if name == "empty word" else split(words), tuple(parts))


@pytest.mark.parametrize("name", [*VALUES, *PLANS])
def test_overrides(name):
    overrides, *parts = (VALUES | PLANS)[name]
    cli.own_folder(Path("my"))
    refused(["run", "--config-dir", "my", "scenario=mine", *split(overrides)], tuple(parts))


@pytest.mark.parametrize("name", FILES)
def test_text_of_an_own_file(name):
    text, *parts = FILES[name]
    scenario = cli.SCENARIO + text
    cli.own_folder(Path("my"), {"scenario/mine.yaml": scenario})
    refused(["run", "--config-dir", "my", "scenario=mine"], ("my/scenario/mine.yaml", *parts))


@pytest.mark.parametrize("name", WHOLE)
def test_whole_file(name):
    file, content, *parts = WHOLE[name]
    cli.own_folder(Path("my"), {file: content})
    chosen = "other" if "other" in file else "mine"
    refused(["run", "--config-dir", "my", f"scenario={chosen}"], (f"my/{file}", *parts))


def test_there_are_many_cases():
    assert len(COMMANDS) + len(VALUES) + len(PLANS) + len(FILES) + len(WHOLE) >= 250


def test_validate_says_the_same():
    cli.own_folder(Path("my"), {"scenario/mine.yaml": cli.SCENARIO + "host:\n  efect: 0.3\n"})
    refused(
        ["validate", "my/scenario"], ("my/scenario/mine.yaml", "unknown key 'host.efect'", "did you mean 'effect'?")
    )


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("late.yaml", ("stands in no folder of a group", "known: draws, evidence, executor")),
        ("plans/late.yaml", ("stands in no folder of a group", "did you mean 'plan'?")),
        ("scenario/actual.yaml", ("a scenario 'actual' of its own", "another name")),
    ],
)
def test_validate_of_a_file_in_the_wrong_place(file, parts):
    cli.own_folder(Path("my"), {file: cli.SCENARIO})
    refused(["validate", f"my/{file}"], (f"my/{file}", *parts))


def test_file_named_as_one_of_atmis_is_warned_of():
    cli.own_folder(Path("my"), {"plan/actual.yaml": cli.PLAN})
    said = cli.call("run", "--config-dir", "my", "scenario=mine", "seed=x")
    warning, sentence = said.err.splitlines()
    assert said.code == 2
    assert warning == (
        "atmis: warning: my/plan/actual.yaml is ignored, because atmis has a file conf/plan/actual.yaml of its own; "
        "give it another name"
    )
    assert sentence.startswith("atmis: override 'seed=x': seed: 'x' is not a whole number")


def test_several_faults_are_counted():
    said = cli.call("run", "seed=-1", "replicates=0", "workers=-1")
    assert said.err == (
        "atmis: override 'replicates=0': replicates: 0 is out of range; allowed: at least 1, at most 1,000,000 (and 2 more)\n"
    )


def test_signs_that_a_terminal_would_obey_are_left_out():
    said = cli.call("run", "\x1b[31mred\x07=1")
    assert said.code == 2
    assert said.err.isprintable() or said.err[:-1].isprintable()


def test_debug_raises():
    with pytest.raises(InputError, match="'x' is not a whole number"):
        cli.call("run", "seed=x", "--debug")


def test_a_folder_with_an_odd_name_is_read():
    for name in ("with space", "it's", "a,b=[c]", "größe", "back\\slash"):
        own = cli.own_folder(Path(name))
        assert load("mine", config_dir=own).scenario.name == "mine"


def test_python_gets_the_same_sentences():
    own = cli.own_folder(Path("my"), {"scenario/bomb.yaml": BOMB})
    with pytest.raises(InputError, match=r"my/scenario/bomb.yaml, line 1: anchors \(&name\) and aliases"):
        load("mine", config_dir=own)
    (own / "scenario" / "bomb.yaml").unlink()
    with pytest.raises(InputError, match="calls a resolver"):
        load("mine", ["seed=${oc.env:HOME}"], config_dir=own)
    with pytest.raises(InputError, match="there is no such folder"):
        load("mine", config_dir="nowhere")


# --- The same through a process of its own ---

REAL = [
    ("rnu",), ("run", "actual"), ("run", "--replicates", "3"), ("run", "--config-path", "/tmp"),
    ("run", "hydra.run.dir=/tmp/x"), ("run", "--config-dir", "nowhere"), ("run", "scenario=../x"),
    ("run", "a=${oc.env:HOME}"), ("run", "scenario=actul"), ("run", "host.effect=nan"), ("show", "+typo=1"),
    ("validate", "nowhere"), ("list", "scenarios"), ("run", "-m", "seed=interval(1,2)"),
]  # fmt: skip


def test_as_processes(tmp_path):
    before = cli.tree(tmp_path)
    command = [sys.executable, "-W", "error", "-m", "atmis"]
    for start in range(0, len(REAL), 3):
        running = [
            subprocess.Popen([*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for words in REAL[start : start + 3]
        ]
        for process in running:
            out, err = process.communicate(timeout=60)
            judge(cli.Said(process.returncode, out, err), (), before)


# --- Random mutations of real files ---

ODD = st.sampled_from(
    [None, True, False, -1, 0, 1, 8, 2**70, -0.5, 1e308, float("nan"), float("inf"), "", "x", "kenya", "2022-02-30", "no",
     "???", "${seed}", "${a}", "all", [], [[]], ["x"], {}, {"a": None}, {"low": 1, "high": 0}, "é", "a\nb", "=", "12:30:00"]
)  # fmt: skip


def _paths(data, path=()):
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield (*path, place)
            yield from _paths(value, (*path, place))


def _mutate(data, draw):
    """Drop or rename a key, put an odd value in its place, or double a key; the last can only be done to the text."""
    for _ in range(draw(st.integers(1, 3))):
        paths = list(_paths(data))
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        place = data
        for part in above:
            place = place[part]
        what = draw(st.sampled_from(["drop", "rename", "odd", "odd"]))
        if what == "odd":
            place[last] = copy.deepcopy(draw(ODD))
        else:
            value = place.pop(last)
            if what == "rename" and isinstance(place, dict):
                place[f"{last}x"] = value
    return data


@given(st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_mutated_files_compose_or_are_refused(tmp_path, data):
    name, text = data.draw(
        st.sampled_from([("scenario/mine.yaml", cli.SCENARIO + RULE), ("plan/small.yaml", cli.PLAN)])
    )
    head = HEAD + "\n" if "scenario" in name else ""
    mutated = head + yaml.safe_dump(_mutate(yaml.safe_load(text), data.draw), allow_unicode=True)
    if data.draw(st.booleans()) and data.draw(st.booleans()):
        lines = mutated.splitlines(keepends=True)
        place = data.draw(st.integers(0, len(lines) - 1))
        mutated = "".join([*lines[: place + 1], *lines[place:]])
    own = cli.own_folder(tmp_path / "my", {name: mutated})
    try:
        assert load("mine", config_dir=own).scenario.name
    except InputError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 700
