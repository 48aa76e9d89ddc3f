"""Bad words of the command line are refused before anything is run, in one sentence: where, what, what is allowed."""

import re
import subprocess
import sys
from pathlib import Path

import cli
import pytest
from cli import assert_refused, check_refusal

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
    "group added": ("run +plan=actual", "override '+plan=actual'", "leave out the +"),
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
    "key there already": ("+seed=3", "override '+seed=3'", "leave out the +"),
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
    "list for a block": ("period=[1,2]", "period: a list is given where a block of keys is expected"),
    "null for a block": ("theatre.zones=null", "theatre.zones: null is not a block of keys"),
    "list too short": ("opposition.attacks.season=[1,1]", "season: has 2 items", "at least 12"),
    "item out of range": ("opposition.attacks.season.3=9", "season.3: 9 is out of range", "at least 0, at most 5"),
    "open end": ("theatre.zones.gedo.control=1", "control: 1 is out of range", "more than 0, less than 1 (share)"),
    "name": ("scenario.name=Mine", "scenario.name: 'Mine' is not a name", "small letters, digits and _"),
    "name with a path": ("scenario.name=../x", "scenario.name: '../x' is not a name"),
    "sentence empty": ("scenario.assumes=", "scenario.assumes: '' is too short", "not empty"),
    "value still to be given": ("seed=???", "seed: '???' marks a value that is still missing"),
    "resolver of the environment": ("'scenario.assumes=${oc.env:HOME}'", "resolver", "references to keys"),
    "resolver in a resolver": ("'seed=${oc.decode:${oc.env:X}}'", "resolver"),
    "resolver by a reference": ("'+plan.phases.phase_1.note=oc.env' 'scenario.assumes=${${plan.phases.phase_1.note}:HOME}'", "resolver"),
    "resolver of Hydra": ("'results=${hydra:runtime.cwd}'", "resolver"),
    "reference to nothing": ("'seed=${sed}'", "seed: refers to 'sed', which does not exist"),
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


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    """An empty working folder, and no run: a case that is let through fails at once."""
    monkeypatch.chdir(tmp_path)
    cli.forbid_runs(monkeypatch)
    (tmp_path / "a_file").write_text("a text\n")
    (tmp_path / "empty").mkdir()


def split(words: str) -> list[str]:
    """The words of a line, in which quotes hold a word together."""
    return [
        quoted or double or bare
        for quoted, double, bare in re.findall(r"'([^']*)'(?!\S)|\"([^\"]*)\"(?!\S)|(\S+)", words)
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_words(name):
    words, *parts = COMMANDS[name]
    assert_refused(["run", ""] if name == "empty word" else split(words), tuple(parts))


@pytest.mark.parametrize("name", [*VALUES, *PLANS])
def test_overrides(name):
    overrides, *parts = (VALUES | PLANS)[name]
    cli.own_folder(Path("my"))
    assert_refused(["run", "--config-dir", "my", "scenario=mine", *split(overrides)], tuple(parts))


def test_several_faults_are_counted():
    said = cli.call("run", "seed=-1", "replicates=0", "workers=-1")
    assert said.err == (
        "atmis: override 'replicates=0': replicates: 0 is out of range; allowed: at least 1, at most 1,000,000 (and 2 more: seed, workers)\n"
    )


def test_signs_that_a_terminal_would_obey_are_left_out():
    said = cli.call("run", "\x1b[31mred\x07=1")
    assert said.code == 2
    assert said.err.isprintable() or said.err[:-1].isprintable()


def test_debug_raises():
    with pytest.raises(InputError, match="'x' is not a whole number"):
        cli.call("run", "seed=x", "--debug")


# --- The same through a process of its own ---

REAL = (("rnu",), ("run", "--config-path", "/tmp"), ("run", "scenario=actul"))


@pytest.mark.parametrize("words", REAL)
def test_as_a_process(tmp_path, words):
    before = cli.paths_below(tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "atmis", *words], capture_output=True, text=True, check=False
    )
    check_refusal(cli.CommandResult(done.returncode, done.stdout, done.stderr), (), before)
