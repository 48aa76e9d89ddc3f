"""atmis facts: the documented facts with their sources."""

from atmis.scenario.errors import InputError


def main(arguments: list[str]) -> int:
    """Print the facts whose key, text or source holds all the words given."""
    from atmis import facts

    if any(word.startswith("-") for word in arguments):
        raise InputError("facts takes words to look for, for example: atmis facts kenya bases")
    found = facts.find(" ".join(arguments))
    if not found:
        raise InputError(f"no fact holds '{' '.join(arguments)}'; `atmis facts` prints them all")
    return 0
