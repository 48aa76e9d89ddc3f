"""Checks of figures that tests of all shelves of plots share."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def assert_no_text_is_cut(figure: Figure) -> None:
    """Assert that all of a figure lies within its edges."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    shown = figure.get_tightbbox(canvas.get_renderer())
    assert shown.x0 >= 0.0
    assert shown.y0 >= 0.0
    assert shown.x1 <= figure.get_figwidth()
    assert shown.y1 <= figure.get_figheight()
