"""What `atmis --help` and `atmis VERB --help` print; it imports nothing."""

from typing import NamedTuple


class Verb(NamedTuple):
    """A verb of the command line."""

    module: str
    what: str
    usage: str


VERSION_WORDS = ("--version", "-V", "version")

_COMPOSING = """
  key=value           any number by its name, for example opposition.attacks.raids=0.1; `atmis show` prints all names
  group=choice        scenario, plan, evidence, host, kenya, opposition, society, reporting, draws, theatre;
                      see `atmis list`
  +key=value, ~key    add an entry of a block, take one away

  --config-dir DIR    read your own YAML too, laid out as conf/ of atmis is: DIR/scenario/mine.yaml is scenario=mine"""

_RUN = f"""Usage: atmis run [group=choice ...] [key=value ...] [options]
Run one scenario and print a table; data files and figures go to results/run/<scenario>/<time>/.
{_COMPOSING}
  -m, --multirun      one run after the other for values with commas: atmis run -m scenario=planned,actual seed=1,2
  --cfg job           only print the composed configuration; with --package plan only a part
  --info defaults     only print which files it is composed of
  --debug             a traceback when something fails

Settings, with their values when nothing is said:
  scenario=planned  replicates=100  seed=1  workers=0 (threads; 0: one for each core)  results=results  figures=true
  period.start=2022-04-01  period.end=2025-12-31"""

_SWEEP = f"""Usage: atmis sweep [sweep=design] [group=choice ...] [key=value ...] [options]
Run scenarios x points of a design x replicates, all under the same draws, into results/sweep/<name>/.
The same command goes on where it was stopped, and runs only what is missing.
{_COMPOSING}
  sweep=choice        the design; see `atmis list sweep`
  evidence=all        every choice of a group, as -m with all of them
  executor=choice     threads (this machine), processes (one that dies or hangs is replaced), dask (a cluster)

  -m, --multirun      values with commas join one sweep: atmis sweep -m scenario=planned,actual host=weak,strong
  --dry-run           only say how many runs, chunks and bytes, and how long by trial runs on this machine
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings, with their values when nothing is said:
  sweep=one  sweep.name  sweep.scenarios=[]  sweep.points=1  replicates=100 (of each case)  seed=1  workers=0
  chunk=0 (runs in a chunk; 0: chosen)  series_runs=20000 (runs whose monthly series are kept)
  precision=0 (stop when no 95 % interval of a mean difference from `baseline` in `headline` is wider to one side)
  executor.limit_seconds=60 (of one run)  executor.memory_mib=0  results=results

Examples:
  atmis sweep sweep=all_scenarios replicates=200
  atmis sweep sweep=attacks_lhs replicates=50 --dry-run
  atmis sweep "sweep.scenarios=[planned,extended]" precision=2"""

_COMPARE = f"""Usage: atmis compare NAME NAME ... [baseline=NAME] [group=choice ...] [key=value ...] [options]
Compare scenarios with a baseline, pair by pair: runs that share all their draws. A NAME is a scenario, `all` (every
scenario), or a folder of `atmis run` or `atmis sweep`; what is missing is run. Tables, figures and a report go to
results/compare/.
{_COMPOSING}
  evidence=all        under every reading of the evidence: what holds under all of them, regret, and what of the
                      spread is chance and evidence; host=all and -m likewise. A sweep with several points does so too

Settings, with their values when nothing is said:
  baseline=planned  replicates=100  seed=1  workers=0  results=results  figures=true  report=true

Examples:
  atmis compare pause_90_days extended
  atmis compare all
  atmis compare planned pause_90_days extended evidence=all
  atmis compare no_withdrawal accelerated baseline=actual evidence=no_effect replicates=200
  atmis compare results/sweep/all_scenarios"""

_EXPLORE = f"""Usage: atmis explore [FOLDER or VIEW.json] [group=choice ...] [key=value ...] [options]
Open a page in the browser: one run day by day on a map, two futures under the same luck with levers to move, bands and
differences within seconds, and what was found as YAML, figures and tables. It works without a network, and is to be
reached from this machine only. A FOLDER of atmis run, compare or sweep is opened in it; so is a VIEW that was saved.
Needs the extra atmis[explore].
{_COMPOSING}
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings, with their values when nothing is said:
  scenario=actual  replicates=200 (of each future)  seed=1  workers=0  port=0 (a free one)  open=true (the browser)
  save_in=  (folder for scenarios that are saved: that of --config-dir, or my_conf)  levers.*  (see --cfg job)

Examples:
  atmis explore
  atmis explore scenario=planned port=8765 open=false
  atmis explore results/compare/planned_and_2_more/2026-01-31T12-00-00"""

_SENSITIVITY = """Usage: atmis sensitivity FOLDER [headline=NAME,NAME] [scenario=NAME,NAME] [baseline=NAME]
       atmis sensitivity [sweep=design] [key=value ...] [--dry-run] [headline=NAME,NAME] [baseline=NAME]
Which parameters drive a headline of the summary, and the paired difference that a scenario makes to it: of a finished
sweep of a Sobol design (first and total order indices) or a Morris design (screening by elementary effects), or of one
that is run first, as `atmis sweep` would, and that the same command continues.
Tables and figures go to results/sensitivity/.

Settings, with their values when nothing is said:
  headline=  (six: attacks on both sides of the border, deaths, bases, displacement)  scenario=  (all of the sweep)
  baseline=planned  results=results  figures=true
  without a folder: sweep=screening  replicates=20  and all settings of `atmis sweep`

Examples:
  atmis sensitivity sweep=screening --dry-run
  atmis sensitivity results/sweep/screening headline=attacks_jubaland_total scenario=extended"""

_DISCOVER = """Usage: atmis discover FOLDER [headline=NAME] [scenario=NAME] [baseline=NAME] [above=NUMBER]
Under which assumptions does a scenario make things worse? On a finished sweep over parameters: a box of ranges, found
by PRIM, in which the mean paired difference from the baseline is above a threshold more often than elsewhere.
Tables and figures go to results/discover/. Needs the extra atmis[discover].

Settings, with their values when nothing is said:
  headline=attacks_kenyan_border_total  scenario=  (each of the sweep)  baseline=planned
  above=0 (a number, or quarter: the worst quarter of the cases; below= for what is worse when there is less)
  density=0.8 (share of bad cases that a box must reach)  results=results  figures=true

Examples:
  atmis discover results/sweep/attacks_lhs headline=attacks_jubaland_total
  atmis discover results/sweep/difference_sobol scenario=planned baseline=extended   leaving, against staying"""

_CALIBRATE = f"""Usage: atmis calibrate [key=value ...] [options]
Draw parameters whose runs look like a record of events (approximate Bayesian computation): waves of runs over ranges
that shrink, then the nearest runs, adjusted by regression. Stop it as you like: the same command goes on.
{_COMPOSING}
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings, with their values when nothing is said:
  calibration.name=reference  calibration.observed=kenya_border_counties (a record that atmis ships, or a file)
  calibration.window={{first: 2015-03, last: 2022-03}}  calibration.waves=3  calibration.runs=30000 (of each wave)
  calibration.keep=0.04 (share that is accepted)  calibration.draws=500  calibration.tests=300 (of the intervals)
  seed=1  workers=0  figures=true  results=results

Leaves in results/calibration/<name>/: draws.csv, parameters.csv (what was learnt of each, and what was not),
patterns.csv (do runs of the draws look like the record), ranks.csv (are the intervals honest), correlations.csv.

Examples:
  atmis calibrate
  atmis calibrate calibration.name=mine calibration.observed=results/data/mine.csv"""
_ATTRIBUTE = f"""Usage: atmis attribute [group=choice ...] [key=value ...] [options]
What, in the model, explains a change? Mechanisms are switched off, alone and in all combinations, under the same draws,
and the change is split among them (Shapley values), under each reading of the evidence on what troops do.
Tables and a figure go to results/attribute/<scenario>/<time>/. The same command goes on where it was stopped.
{_COMPOSING}

Settings, with their values when nothing is said:
  scenario=actual  evidence=all  indicator=attacks  group=kenyan_border  window.start=2023-01-01  window.end=2023-12-31
  reference=null (the same months if nothing dated had happened; or earlier ones: "reference={{start: ..., end: ...}}")
  mechanisms=[drawdown,offensive_displacement,offensive_pressure,reopening,capability,presence,excitation,spoiling,season]
  exact_up_to=8 (mechanisms; beyond, random orders)  orders=32  replicates=100  seed=1  workers=0  results=results
  figures=true

Examples:
  atmis attribute evidence=hks2014,no_effect replicates=50
  atmis attribute group=jubaland "mechanisms=[drawdown,presence,host_forces,excitation]" """.rstrip()

_REPORT = """Usage: atmis report FOLDER
Write FOLDER/report.html from a folder of `atmis compare`, `run`, `scorecard`, `backtest` or `calibrate`, and print its
path: one file for readers who never open Python, with sentences, tables, figures, assumptions, sources, and how to make
it again.

Example: atmis report results/compare/planned_and_2_more/2026-01-31T12-00-00"""

_RESUME = """Usage: atmis resume FOLDER
Go on with a sweep from its folder alone; runs that failed are tried again. The command that began it does the same.

Example: atmis resume results/sweep/pause_length"""

_VERIFY = """Usage: atmis verify FOLDER
Say whether the files of a run or a sweep are what was written, and whether any is missing.

Example: atmis verify results/sweep/pause_length"""

_REPLAY = """Usage: atmis replay FOLDER RUN
Run one run of a sweep again in this process, and compare it with what is stored. A run that failed fails here too.

Example: atmis replay results/sweep/pause_length 17"""

_SHOW = f"""Usage: atmis show [PART ...] [baseline=NAME] [group=choice ...] [key=value ...] [options]
Show what `atmis run` with the same words would run, and how it differs from the scenario `planned`, or from that of
baseline=. A PART, such as plan or host, shows only that; with plan it says too how many of whom leave when.
{_COMPOSING}

Example: atmis show plan scenario=pause_90_days"""

_LIST = """Usage: atmis list [group ...] [--config-dir DIR]
List the choices of each group, or of those named, with what each assumes; with --config-dir your own too.

Groups: scenario, plan, evidence, host, kenya, opposition, society, reporting, draws, theatre, sweep, executor
Example: atmis list scenario evidence"""

_VALIDATE = """Usage: atmis validate [file or folder ...]
Check YAML files of your own, or without any all that comes with atmis. A folder is laid out as conf/ of atmis is:
my_conf/scenario/mine.yaml, my_conf/plan/mine.yaml and so on.

Example: atmis validate my_conf"""

_FACTS = """Usage: atmis facts [word ...]
Print the documented facts, with unit, date, class and source, that hold all of the words.

Example: atmis facts kenya bases"""

_DATA = """Usage: atmis data import FILE [name=NAME] [actor=NAME] [start=MONTH] [end=MONTH] [key=value ...]
Count observed events by month and zone: from UCDP GED or an ACLED export, of which the events of one actor are placed
by their coordinates and names, or from a table of counts. Writes results/data/NAME.csv, a row for each recorded month
and zone, and NAME.json: source, licence, hash of the file, months of recording, and what became of every row.

  FILE                CSV; which kind it is shows in its columns: UCDP GED; ACLED;
                      month,zone,events[,deaths,lethal_events]; month and a column for each zone;
                      isocode,month,deaths_best_all_violence
  start=, end=        months in which the source recorded, such as 2015-03; those outside are not zero but left out
  version=, licence=, citation=, note=   what the file itself does not tell of its source

Settings, with their values when nothing is said:
  name=  (of the file)  actor=Al-Shabaab (any: all events)  results=results  theatre=atmis

Example: atmis data import GEDEvent_v24_1.csv name=ged241 start=2015-03 end=2022-03"""

_BACKTEST = f"""Usage: atmis backtest [observed=FILE] [window=MONTH..MONTH] [group=choice ...] [key=value ...] [options]
Score a scenario on observed counts of attacks by month and zone, beside simple forecasts that know only the months up
to fit_to: CRPS, coverage, PIT, bias, and skill with its 95 % interval. Tables and figures go to results/backtest/.
{_COMPOSING}
  observed=FILE       any file that `atmis data import` takes, for example month,zone,events; or kenya_border_counties
  window=A..B         the months that are scored; after 2022-03 the scenario is actual when none is named
  fit_to=MONTH        last month that baselines know: before the window, 2022-03 at the latest
  origins=[A,B]       several windows instead, each of `months` months after one of these; all in one table

Settings, with their values when nothing is said:
  observed=kenya_border_counties  actor=Al-Shabaab  window=2020-01..2022-03  fit_to=  (the month before)  origins=[]
  months=12  history=kenya_border_counties (where observed begins with the window)  scenario=history  replicates=400
  seed=1  block=3 (months drawn together in the bootstrap)  resamples=2000  workers=0  results=results  figures=true

Examples:
  atmis backtest
  atmis backtest origins=[2017-12,2018-12,2019-12,2020-12] months=12
  atmis backtest observed=results/data/ged241.csv window=2022-04..2023-12"""

_SCORECARD = f"""Usage: atmis scorecard [group=choice ...] [key=value ...] [options]
Set every regularity of the facts ledger (R1 to R20) beside what runs of 2015 to 2022 give: the figure, the median and
the 90 % band of the runs, pass or fail, failures first; and why, where it cannot be compared. It judges and tunes
nothing. A table, texts and a figure go to results/scorecard/<scenario>/<time>/. Rows that fail are no error.
{_COMPOSING}

Settings, with their values when nothing is said:
  scenario=history  replicates=200  seed=1  workers=0  results=results  figures=true
  handovers=actual (scenario whose handovers R17 is compared with; null: R17 is not compared)

Examples:
  atmis scorecard
  atmis scorecard evidence=no_effect replicates=100"""

# In the order of the help.
VERBS = {
    "run": Verb("run", "run one scenario: a table, data files and figures", _RUN),
    "sweep": Verb("sweep", "run scenarios x parameters x replicates; stop and go on as you like", _SWEEP),
    "compare": Verb("compare", "compare scenarios pair by pair: differences, verdicts, figures, a report", _COMPARE),
    "explore": Verb("explore", "a page in the browser: see a run move, pull levers, compare two futures", _EXPLORE),
    "sensitivity": Verb(
        "sensitivity", "which parameters drive a result, and the difference a scenario makes", _SENSITIVITY
    ),
    "discover": Verb("discover", "under which assumptions a scenario makes things worse", _DISCOVER),
    "data": Verb("data", "import observed events: UCDP GED, ACLED or tables of counts, by month and zone", _DATA),
    "calibrate": Verb("calibrate", "draw parameters whose runs look like a record of events", _CALIBRATE),
    "attribute": Verb("attribute", "what explains a change in the model: the share of each mechanism", _ATTRIBUTE),
    "backtest": Verb(
        "backtest", "score a scenario on observed events, beside simple forecasts from history", _BACKTEST
    ),
    "scorecard": Verb("scorecard", "set known regularities beside runs: pass or fail, failures first", _SCORECARD),
    "report": Verb("report", "write one HTML file for readers, from a folder of results", _REPORT),
    "resume": Verb("resume", "go on with a sweep from its folder", _RESUME),
    "verify": Verb("verify", "check the files of a run or a sweep", _VERIFY),
    "replay": Verb("replay", "run one run of a sweep again", _REPLAY),
    "list": Verb("listing", "list scenarios, plans, evidence and the other choices, with what each assumes", _LIST),
    "show": Verb("show", "show what a scenario is composed of, and how it differs from `planned`", _SHOW),
    "validate": Verb("validate", "check your own YAML, or all that comes with atmis", _VALIDATE),
    "facts": Verb("facts", "show the documented facts with their sources", _FACTS),
}

_LINES = "\n".join(f"  {name:<13}{verb.what}" for name, verb in VERBS.items())

HELP = f"""atmis: a scenario simulation model of the drawdown of the African Union mission in Somalia.
It compares scenarios under stated assumptions. It is not a forecast and not an aid to operations.

Usage: atmis VERB [key=value ...] [options]

{_LINES}

Examples:
  atmis run                                       the calendar first planned, 100 replicates
  atmis run scenario=actual replicates=200        another scenario, more replicates
  atmis run evidence=no_effect host=weak          other choices; see `atmis list`
  atmis run opposition.attacks.raids=0.1          any parameter by its name
  atmis run -m scenario=planned,pause_90_days     one after the other
  atmis run --config-dir my_conf scenario=mine    your own YAML
  atmis run scenario=actual --cfg job             only print what would be run
  atmis compare pause_90_days extended            against the calendar first planned
  atmis explore                                   a page in the browser, on the scenario actual
  atmis data import GEDEvent_v24_1.csv            observed events, by month and zone
  atmis calibrate calibration.runs=2000           parameters that agree with the years 2015 to 2022
  atmis backtest window=2020-01..2022-03          scored on observed events, beside simple forecasts
  atmis scorecard                                 known regularities beside runs: pass or fail
  atmis report results/compare/...                one HTML page for readers, of a comparison or a run
  atmis sweep sweep=all_scenarios --dry-run       how much it would be; without --dry-run it is run
  atmis sensitivity sweep=screening --dry-run     what drives the differences between scenarios
  atmis discover results/sweep/attacks_lhs        when does a scenario make things worse?
  atmis attribute evidence=hks2014,no_effect      what, in the model, explains the attacks of 2023?
  atmis list scenario; atmis show scenario=actual; atmis facts kenya

Options: --help (after a verb too), --version, --debug (a traceback when something fails)
Tab completion in bash: eval "$(atmis -sc install=bash)"
Exit codes: 0 fine, 1 something failed, 2 usage or configuration, 130 interrupted, 143 ended by a signal."""
