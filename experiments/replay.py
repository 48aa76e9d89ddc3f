"""atmis replay: run one run of a sweep again in this process, as it was or as it failed."""

from pathlib import Path

from atmis.scenario.errors import InputError

from .resume import parse_folder
from .terminal import print_table


def main(arguments: list[str]) -> int:
    """Run one run of a sweep and print its summary; returns 1 when it differs from what is stored."""
    if len(arguments) != 2 or not arguments[1].isdecimal():
        raise InputError(
            "replay takes a folder and the number of a run, for example: atmis replay results/sweep/one 17"
        )
    folder, number = parse_folder("replay", arguments[:1]), int(arguments[1])
    from atmis.sweep import chunk_tables, identity
    from atmis.sweep.context import WorkerContext

    study, about = identity.load(folder)
    if number >= study.runs:
        raise InputError(f"run {number:,} is not in {folder}; allowed: 0 to {study.runs - 1:,}")
    ((part, ensemble),) = WorkerContext(study).run(range(number, number + 1))
    replayed = chunk_tables.summaries(study, part, ensemble).to_pylist()[0]
    stored = _stored(folder, number, about["identity"])
    rows = [[name, str(value), "" if stored is None else str(stored[name])] for name, value in replayed.items()]
    print_table(f"{study.name}, run {number:,}", [("", "left"), ("now", "right"), ("stored", "right")], rows)
    if stored is not None and stored != replayed:
        print("This differs from what is stored.")
        return 1
    return 0


def _stored(folder: Path, number: int, study: str) -> dict[str, object] | None:
    from atmis.sweep import chunk_files

    files = [file for file in chunk_files.files(folder, chunk_files.SUMMARY) if number in file.runs]
    rows = chunk_files.read(files, study)
    return None if rows is None else next(row for row in rows.to_pylist() if row["run"] == number)
