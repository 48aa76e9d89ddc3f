"""atmis report: write one HTML file from a folder of results, for readers who do not use Python."""

from .resume import parse_folder


def main(arguments: list[str]) -> int:
    """Write FOLDER/report.html and print its path."""
    folder = parse_folder("report", arguments)
    from atmis import report

    print(report.write(folder))
    return 0
