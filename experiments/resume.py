"""atmis resume: continue a sweep from its folder alone; failed runs are tried again."""

from pathlib import Path

from atmis.scenario.errors import InputError

from .sweep import run


def main(arguments: list[str]) -> int:
    """Run the missing runs in a folder of `atmis sweep`."""
    folder = parse_folder("resume", arguments)
    from atmis.scenario.build import build_record
    from atmis.scenario.sweep import SweepSettings
    from atmis.sweep import identity

    study, stored = identity.load(folder)
    return run(
        folder,
        study,
        build_record(SweepSettings, stored["settings"]),
        stored["config"],
        ["atmis", "resume", *arguments],
    )


def parse_folder(verb: str, arguments: list[str]) -> Path:
    """The folder that is the only argument of a verb. Raises InputError."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        raise InputError(f"{verb} takes one folder, for example: atmis {verb} results/sweep/pause_length")
    folder = Path(arguments[0])
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    return folder
