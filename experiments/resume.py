"""atmis resume: go on with a sweep from its folder alone; runs that failed are tried again."""

from pathlib import Path

from atmis.scenario.errors import InputError

from .sweep import run


def main(arguments: list[str]) -> int:
    """Run what is missing in a folder of `atmis sweep`."""
    folder = one_folder("resume", arguments)
    from atmis.scenario.build import checked
    from atmis.scenario.sweep import SweepSettings
    from atmis.sweep import identity

    study, stored = identity.load(folder)
    return run(
        folder, study, checked(SweepSettings, stored["settings"]), stored["config"], ["atmis", "resume", *arguments]
    )


def one_folder(verb: str, arguments: list[str]) -> Path:
    """The folder that a verb is given, and nothing else."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        raise InputError(f"{verb} takes one folder, for example: atmis {verb} results/sweep/pause_length")
    folder = Path(arguments[0])
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    return folder
