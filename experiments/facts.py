"""atmis facts: the documented facts with their sources."""

from atmis.scenario.errors import InputError

from .terminal import print_table


def main(arguments: list[str]) -> int:
    """Print the facts with all of the words in their key, text or source."""
    from atmis import facts

    if any(word.startswith("-") for word in arguments):
        raise InputError("facts takes words to look for, for example: atmis facts kenya bases")
    selected = facts.find(" ".join(arguments))
    if not selected:
        raise InputError(f"no fact holds '{' '.join(arguments)}'; `atmis facts` prints them all")
    rows = [
        [row.key, row.what, f"{row.value} {row.unit}".strip(), row.date, row.sourcing, row.source, row.flags]
        for row in facts.table(selected)
    ]
    headings = ("key", "what", "value", "date", "class", "source", "")
    print_table(f"{len(rows)} facts", [(heading, "left") for heading in headings], rows)
    cited = sorted({key for fact in selected for key in fact.source})
    sources = facts.bibliography()
    print()
    print_table("Sources", [("key", "left"), ("", "left")], [[key, facts.citation(sources[key])] for key in cited])
    return 0
