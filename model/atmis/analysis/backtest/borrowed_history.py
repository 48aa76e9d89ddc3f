"""History for the baselines where a file of observed counts begins only with the window: that of another table."""

import numpy as np

from atmis.analysis.observed.record import Month, ObservedCounts, span, unrecorded


def borrow_history(observed: ObservedCounts, other: ObservedCounts, fit_to: Month) -> tuple[ObservedCounts, list[str]]:
    """Put the history of another table before observed counts.

    Parameters
    ----------
    observed : the counts that are scored
    other : the table to borrow from
    fit_to : last month that is borrowed

    Returns
    -------
    ObservedCounts
        With borrowed history for the zones that have none of their own up to `fit_to`.
    list of str
        These zones.
    """
    own = observed.between(None, fit_to)
    empty = [zone for zone in observed.zones if np.isnan(own.only([zone]).events).all()]
    borrowed = other.between(None, fit_to).only(empty)
    if not borrowed.zones or not len(borrowed.months):
        return observed, []
    months = span(min(observed.months[0], borrowed.months[0]), observed.months[-1])
    combined = unrecorded(observed.zones, months, observed.import_log, "zone")
    for source in (observed, borrowed):
        rows = (source.months - months[0]).astype(int)
        columns = [combined.zones.index(zone) for zone in source.zones]
        cells = np.ix_(rows, columns)
        combined.events[cells] = np.where(~np.isnan(source.events), source.events, combined.events[cells])
    combined.about.update(observed.about)
    return combined, list(borrowed.zones)
