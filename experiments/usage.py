"""The help texts of `atmis --help` and `atmis VERB --help`; imports nothing slow."""

from typing import NamedTuple


class Verb(NamedTuple):
    """A verb of the command line."""

    module: str
    summary: str
    usage: str


VERSION_WORDS = ("--version", "-V", "version")

_CONFIGURATION = """
  key=value           any number by its name, for example opposition.attacks.raids=0.1; `atmis show` prints all names
  group=choice        scenario, plan, evidence, host, kenya, opposition, society, reporting, draws, theatre;
                      see `atmis list`
  +key=value, ~key    add an entry to a block, remove one

  --config-dir DIR    read your own YAML too, laid out like conf/ of atmis: DIR/scenario/mine.yaml is scenario=mine"""

_RUN = f"""Usage: atmis run [group=choice ...] [key=value ...] [options]
Run one scenario and print a table; data files and figures go to results/run/<scenario>/<time>/.
{_CONFIGURATION}
  -m, --multirun      several runs, one by one, for values with commas: atmis run -m scenario=planned,actual seed=1,2
  --cfg job           only print the composed configuration; with --package plan only that part
  --info defaults     only print the files that it is composed of
  --debug             a traceback when something fails

Settings and their defaults:
  scenario=planned  replicates=100  seed=1  workers=0 (threads; 0: one for each core)  results=results  figures=true
  period.start=2022-04-01  period.end=2025-12-31"""

_SWEEP = f"""Usage: atmis sweep [sweep=design] [group=choice ...] [key=value ...] [options]
Run scenarios x points of a design x replicates, all with the same random draws, into results/sweep/<name>/.
The same command continues where it stopped, and runs only what is missing.
{_CONFIGURATION}
  sweep=choice        the design; see `atmis list sweep`
  evidence=all        every choice of a group, like -m with all of them
  executor=choice     threads (this machine), processes (replaced when one dies or hangs), dask (a cluster)

  -m, --multirun      values with commas join one sweep: atmis sweep -m scenario=planned,actual host=weak,strong
  --dry-run           only print the number of runs, chunks and bytes, and the time estimated by trial runs here
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings and their defaults:
  sweep=one  sweep.name  sweep.scenarios=[]  sweep.points=1  replicates=100 (of each case)  seed=1  workers=0
  chunk=0 (runs in a chunk; 0: automatic)  series_runs=20000 (runs whose monthly series are kept)
  precision=0 (stop when the half-widths of all 95 % intervals of mean differences from `baseline` in `headline`
  are smaller; 0: fixed replicates)
  executor.limit_seconds=60 (of one run)  executor.memory_mib=0  results=results

Examples:
  atmis sweep sweep=all_scenarios replicates=200
  atmis sweep sweep=attacks_lhs replicates=50 --dry-run
  atmis sweep "sweep.scenarios=[planned,extended]" precision=2"""

_COMPARE = f"""Usage: atmis compare NAME NAME ... [baseline=NAME] [group=choice ...] [key=value ...] [options]
Compare scenarios with a baseline in paired runs, which share all random draws. A NAME is a scenario, `all` (every
scenario), or a folder of `atmis run` or `atmis sweep`; what is missing is run. Tables, figures and a report go to
results/compare/.
{_CONFIGURATION}
  evidence=all        under every reading of the evidence: what holds under all of them, regret, and how much of the
                      spread is due to chance and to evidence; so do host=all, -m, and a sweep with several points

Settings and their defaults:
  baseline=planned  replicates=100  seed=1  workers=0  results=results  figures=true  report=true

Examples:
  atmis compare pause_90_days extended
  atmis compare all
  atmis compare planned pause_90_days extended evidence=all
  atmis compare no_withdrawal accelerated baseline=actual evidence=no_effect replicates=200
  atmis compare results/sweep/all_scenarios"""

_EXPLORE = f"""Usage: atmis explore [FOLDER or VIEW.json] [group=choice ...] [key=value ...] [options]
Open a page in the browser: one run day by day on a map, two futures with the same random draws and levers to move,
bands and differences within seconds, and results as YAML, figures and tables. It works without a network, and can be
reached from this machine only, by the printed address with its token. It opens a FOLDER of atmis run, compare or sweep,
or a saved VIEW. Needs the extra atmis[explore].
{_CONFIGURATION}
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings and their defaults:
  scenario=actual  replicates=200 (of each future)  seed=1  workers=0  port=0 (a free one)  open=true (the browser)
  save_in=  (folder for saved scenarios: that of --config-dir, or my_conf)  levers.*  (see --cfg job)

Examples:
  atmis explore
  atmis explore scenario=planned port=8765 open=false
  atmis explore results/compare/planned_and_2_more/2026-01-31T12-00-00"""

_SENSITIVITY = """Usage: atmis sensitivity FOLDER [headline=NAME,NAME] [scenario=NAME,NAME] [baseline=NAME]
       atmis sensitivity [sweep=design] [key=value ...] [--dry-run] [headline=NAME,NAME] [baseline=NAME]
Find the parameters that drive a headline of the summary, and the paired difference that a scenario makes to it, in a
finished sweep of a Sobol design (first and total order indices) or a Morris design (screening by elementary effects).
Without a folder the sweep is run first, as by `atmis sweep`; the same command continues it.
Tables and figures go to results/sensitivity/.

Settings and their defaults:
  headline=  (six: attacks on both sides of the border, deaths, bases, displacement)  scenario=  (all in the sweep)
  baseline=planned  results=results  figures=true
  without a folder: sweep=screening  replicates=20  and all settings of `atmis sweep`

Examples:
  atmis sensitivity sweep=screening --dry-run
  atmis sensitivity results/sweep/screening headline=attacks_jubaland_total scenario=extended"""

_DISCOVER = """Usage: atmis discover FOLDER [headline=NAME] [scenario=NAME] [baseline=NAME] [above=NUMBER]
Under which assumptions does a scenario make things worse? In a finished sweep over parameters, PRIM finds a box of
ranges in which the mean paired difference from the baseline is above a threshold more often than elsewhere.
Tables and figures go to results/discover/. Needs the extra atmis[discover].

Settings and their defaults:
  headline=attacks_kenyan_border_total  scenario=  (each in the sweep)  baseline=planned
  above=0 (a number, or quarter: the worst quarter of the cases; below= where less is worse)
  density=0.8 (share of bad cases that a box must reach)  results=results  figures=true

Examples:
  atmis discover results/sweep/attacks_lhs headline=attacks_jubaland_total
  atmis discover results/sweep/difference_sobol scenario=planned baseline=extended   leaving against staying"""

_CALIBRATE = f"""Usage: atmis calibrate [key=value ...] [options]
Draw parameters whose runs resemble a record of events (approximate Bayesian computation): waves of runs over shrinking
ranges, then the nearest runs, adjusted by regression. Stop it at any time: the same command continues.
{_CONFIGURATION}
  --cfg job           only print the composed configuration
  --debug             a traceback when something fails

Settings and their defaults:
  calibration.name=reference  calibration.observed=kenya_border_counties (a record that comes with atmis, or a file)
  calibration.window={{first: 2015-03, last: 2022-03}}  calibration.waves=3  calibration.runs=30000 (of each wave)
  calibration.keep=0.04 (share accepted)  calibration.draws=500  calibration.tests=300 (of the intervals)
  seed=1  workers=0  figures=true  results=results

Writes to results/calibration/<name>/: draws.csv, parameters.csv (what was learnt about each, and what was not),
patterns.csv (do runs of the draws resemble the record), ranks.csv (are the intervals calibrated), correlations.csv.

Examples:
  atmis calibrate
  atmis calibrate calibration.name=mine calibration.observed=results/data/mine.csv"""

_ATTRIBUTE = f"""Usage: atmis attribute [group=choice ...] [key=value ...] [options]
What, in the model, explains a change? Mechanisms are switched off, alone and in all combinations, with the same random
draws, and the change is split among them (Shapley values), under each reading of the evidence on the effect of troops.
Tables and a figure go to results/attribute/<scenario>/<time>/. The same command continues where it stopped.
{_CONFIGURATION}

Settings and their defaults:
  scenario=actual  evidence=all  indicator=attacks  group=kenyan_border  window.start=2023-01-01  window.end=2023-12-31
  reference=null (the same months without any dated event; or earlier months: "reference={{start: ..., end: ...}}")
  mechanisms=[drawdown,offensive_displacement,offensive_pressure,reopening,capability,presence,excitation,spoiling,season]
  exact_up_to=8 (mechanisms; with more, random orders)  orders=32  replicates=100  seed=1  workers=0  results=results
  figures=true

Examples:
  atmis attribute evidence=hks2014,no_effect replicates=50
  atmis attribute group=jubaland "mechanisms=[drawdown,presence,host_forces,excitation]" """.rstrip()

_REPORT = """Usage: atmis report FOLDER
Write FOLDER/report.html from a folder of `atmis compare`, `run`, `scorecard`, `backtest` or `calibrate`, and print its
path: one file for readers who do not use Python, with sentences, tables, figures, assumptions, sources, and how to
reproduce it.

Example: atmis report results/compare/planned_and_2_more/2026-01-31T12-00-00"""

_RESUME = """Usage: atmis resume FOLDER
Continue a sweep from its folder alone; failed runs are tried again. The command that started it does the same.

Example: atmis resume results/sweep/pause_length"""

_VERIFY = """Usage: atmis verify FOLDER
Check that no file of a run or a sweep is damaged or missing.

Example: atmis verify results/sweep/pause_length"""

_REPLAY = """Usage: atmis replay FOLDER RUN
Run one run of a sweep again in this process, and compare it with what is stored. A run that failed fails here too.

Example: atmis replay results/sweep/pause_length 17"""

_SHOW = f"""Usage: atmis show [PART ...] [baseline=NAME] [group=choice ...] [key=value ...] [options]
Show what `atmis run` with the same words would run, and how it differs from the scenario `planned`, or from the one
given by baseline=. With a PART, such as plan or host, show only that; with plan also who leaves when.
{_CONFIGURATION}

Example: atmis show plan scenario=pause_90_days"""

_LIST = """Usage: atmis list [group ...] [--config-dir DIR]
List the choices of each group, or of those named, with what each assumes; with --config-dir also your own.

Groups: scenario, plan, evidence, host, kenya, opposition, society, reporting, draws, theatre, sweep, executor
Example: atmis list scenario evidence"""

_VALIDATE = """Usage: atmis validate [file or folder ...]
Check your own YAML files, or without arguments all that come with atmis. A folder is laid out like conf/ of atmis:
my_conf/scenario/mine.yaml, my_conf/plan/mine.yaml and so on.

Example: atmis validate my_conf"""

_FACTS = """Usage: atmis facts [word ...]
Print the documented facts that contain all of the words, with unit, date, class and source.

Example: atmis facts kenya bases"""

_DATA = """Usage: atmis data import FILE [name=NAME] [actor=NAME] [start=MONTH] [end=MONTH] [key=value ...]
Count observed events by month and zone: from UCDP GED or an ACLED export, where the events of one actor are placed by
their coordinates and names, or from a table of counts. Writes results/data/NAME.csv, a row for each recorded month and
zone, and NAME.json: source, licence, hash of the file, months of recording, and what happened to every row.

  FILE                CSV or xlsx, recognised by its columns: UCDP GED; ACLED; monthly counts of HDX;
                      month,zone,events[,deaths,lethal_events]; month and a column for each zone;
                      isocode,month,deaths_best_all_violence (docs/observed_events.md says more)
  dates=              day_first, month_first, excel, stata or r: how dates are written, where the file does not tell
  start=, end=        first and last month that the source recorded, such as 2015-03; others are left out, not zero
  version=, licence=, citation=, note=   what the file itself does not say about its source

Settings and their defaults:
  name=  (that of the file)  actor=Al-Shabaab (any: all events)  results=results  theatre=atmis

Example: atmis data import GEDEvent_v24_1.csv name=ged241 start=2015-03 end=2022-03"""

_BACKTEST = f"""Usage: atmis backtest [observed=FILE] [window=MONTH..MONTH] [group=choice ...] [key=value ...] [options]
Score a scenario on observed counts of attacks by month and zone, beside simple forecasts that know only the months up
to fit_to: CRPS, coverage, PIT, bias, and skill with its 95 % interval. Tables and figures go to results/backtest/.
{_CONFIGURATION}
  observed=FILE       any file that `atmis data import` takes, for example month,zone,events; or kenya_border_counties
  window=A..B         the months to score; for months after 2022-03 the default scenario is actual
  fit_to=MONTH        last month that the baselines know: before the window, 2022-03 at the latest
  origins=[A,B]       several windows instead, of `months` months after each of these, all in one table

Settings and their defaults:
  observed=kenya_border_counties  actor=Al-Shabaab  window=2020-01..2022-03  fit_to=  (the month before)  origins=[]
  months=12  history=kenya_border_counties (when observed begins with the window)  scenario=history  replicates=400
  seed=1  block=3 (months drawn together in the bootstrap)  resamples=2000  workers=0  results=results  figures=true

Examples:
  atmis backtest
  atmis backtest origins=[2017-12,2018-12,2019-12,2020-12] months=12
  atmis backtest observed=results/data/ged241.csv window=2022-04..2023-12"""

_SCORECARD = f"""Usage: atmis scorecard [group=choice ...] [key=value ...] [options]
Set every regularity in the facts ledger (R1 to R20) beside the results of runs of 2015 to 2022: the figure, the median
and the 90 % band of the runs, pass or fail, failures first; and the reason where it cannot be compared. Nothing is
tuned. A table, texts and a figure go to results/scorecard/<scenario>/<time>/. Rows that fail are not an error.
{_CONFIGURATION}

Settings and their defaults:
  scenario=history  replicates=200  seed=1  workers=0  results=results  figures=true
  handovers=actual (scenario whose handovers R17 is compared with; null: R17 is not compared)

Examples:
  atmis scorecard
  atmis scorecard evidence=no_effect replicates=100"""

# In the order of the help.
VERBS = {
    "run": Verb("run", "run one scenario: a table, data files and figures", _RUN),
    "sweep": Verb("sweep", "run scenarios x parameters x replicates; stop and continue at any time", _SWEEP),
    "compare": Verb("compare", "compare scenarios pair by pair: differences, verdicts, figures, a report", _COMPARE),
    "explore": Verb("explore", "a page in the browser: watch a run, move levers, compare two futures", _EXPLORE),
    "sensitivity": Verb(
        "sensitivity", "which parameters drive a result, and the difference a scenario makes", _SENSITIVITY
    ),
    "discover": Verb("discover", "under which assumptions a scenario makes things worse", _DISCOVER),
    "data": Verb("data", "import observed events: UCDP GED, ACLED or tables of counts, by month and zone", _DATA),
    "calibrate": Verb("calibrate", "draw parameters whose runs resemble a record of events", _CALIBRATE),
    "attribute": Verb("attribute", "what explains a change in the model: the share of each mechanism", _ATTRIBUTE),
    "backtest": Verb(
        "backtest", "score a scenario on observed events, beside simple forecasts from history", _BACKTEST
    ),
    "scorecard": Verb("scorecard", "set known regularities beside runs: pass or fail, failures first", _SCORECARD),
    "report": Verb("report", "write one HTML file for readers, from a folder of results", _REPORT),
    "resume": Verb("resume", "continue a sweep from its folder", _RESUME),
    "verify": Verb("verify", "check the files of a run or a sweep", _VERIFY),
    "replay": Verb("replay", "run one run of a sweep again", _REPLAY),
    "list": Verb("listing", "list scenarios, plans, evidence and the other choices, with what each assumes", _LIST),
    "show": Verb("show", "show what a scenario is composed of and how it differs from `planned`", _SHOW),
    "validate": Verb("validate", "check your own YAML, or all that comes with atmis", _VALIDATE),
    "facts": Verb("facts", "show the documented facts with their sources", _FACTS),
}

_LINES = "\n".join(f"  {name:<13}{verb.summary}" for name, verb in VERBS.items())

HELP = f"""atmis: a scenario simulation model of the drawdown of the African Union mission in Somalia.
It compares scenarios under stated assumptions. It is not a forecast and not an aid to operations.

Usage: atmis VERB [key=value ...] [options]

{_LINES}

Examples:
  atmis run                                       the original calendar, 100 replicates
  atmis run scenario=actual replicates=200        another scenario, more replicates
  atmis run evidence=no_effect host=weak          other choices; see `atmis list`
  atmis run opposition.attacks.raids=0.1          any parameter by its name
  atmis run -m scenario=planned,pause_90_days     one after the other
  atmis run --config-dir my_conf scenario=mine    your own YAML
  atmis run scenario=actual --cfg job             only print what would be run
  atmis compare pause_90_days extended            against the original calendar
  atmis explore                                   a page in the browser, with the scenario actual
  atmis data import GEDEvent_v24_1.csv            observed events, by month and zone
  atmis calibrate calibration.runs=2000           parameters that agree with 2015 to 2022
  atmis backtest window=2020-01..2022-03          scored on observed events, beside simple forecasts
  atmis scorecard                                 known regularities beside runs: pass or fail
  atmis report results/compare/...                one HTML page for readers, of a comparison or a run
  atmis sweep sweep=all_scenarios --dry-run       its size; without --dry-run it is run
  atmis sensitivity sweep=screening --dry-run     what drives the differences between scenarios
  atmis discover results/sweep/attacks_lhs        when does a scenario make things worse?
  atmis attribute evidence=hks2014,no_effect      what, in the model, explains the attacks of 2023?
  atmis list scenario; atmis show scenario=actual; atmis facts kenya

Options: --help (after a verb too), --version, --debug (a traceback when something fails)
Tab completion in bash: eval "$(atmis -sc install=bash)"
Exit codes: 0 success, 1 something failed, 2 usage or configuration, 130 interrupted, 143 terminated."""
