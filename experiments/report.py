"""atmis report: one HTML file for a reader who never opens Python, from a folder of results."""

from .resume import one_folder


def main(arguments: list[str]) -> int:
    """Write FOLDER/report.html and print its path."""
    folder = one_folder("report", arguments)
    from atmis import report

    print(report.write(folder))
    return 0
