"""What baselines know where a file of observed counts begins only with the window."""

import numpy as np

from atmis.analysis.observed.record import Month, Observed, span, unrecorded


def with_history(observed: Observed, other: Observed, fit_to: Month) -> tuple[Observed, list[str]]:
    """Counts with those of another table before their own, and the zones for which that was done.

    Only for zones of which nothing is observed up to `fit_to`, and only months up to it.
    """
    known = observed.between(None, fit_to)
    empty = [zone for zone in observed.zones if np.isnan(known.only([zone]).events).all()]
    given = other.between(None, fit_to).only(empty)
    if not given.zones or not len(given.months):
        return observed, []
    months = span(min(observed.months[0], given.months[0]), observed.months[-1])
    made = unrecorded(observed.zones, months, observed.account, "zone")
    for source in (observed, given):
        rows = (source.months - months[0]).astype(int)
        columns = [made.zones.index(zone) for zone in source.zones]
        there = ~np.isnan(source.events)
        made.events[np.ix_(rows, columns)] = np.where(there, source.events, made.events[np.ix_(rows, columns)])
    made.about.update(observed.about)
    return made, list(given.zones)
