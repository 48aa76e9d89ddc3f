"""atmis facts: the documented facts with their sources."""

from atmis.scenario.errors import InputError

from .terminal import table


def main(arguments: list[str]) -> int:
    """Print the facts whose key, text or source holds all the words given."""
    from atmis import facts

    if any(word.startswith("-") for word in arguments):
        raise InputError("facts takes words to look for, for example: atmis facts kenya bases")
    found = facts.find(" ".join(arguments))
    if not found:
        raise InputError(f"no fact holds '{' '.join(arguments)}'; `atmis facts` prints them all")
    rows = [
        [row.key, row.what, f"{row.value} {row.unit}".strip(), row.date, row.standing, row.source, row.flags]
        for row in facts.table(found)
    ]
    headings = ("key", "what", "value", "date", "class", "source", "")
    table(f"{len(rows)} facts", [(heading, "left") for heading in headings], rows)
    cited = sorted({key for fact in found for key in fact.source})
    sources = facts.bibliography()
    print()
    table("Sources", [("key", "left"), ("", "left")], [[key, facts.citation(sources[key])] for key in cited])
    return 0
