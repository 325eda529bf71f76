"""A figure that is drawn anew while the cell below which it stands is running."""

from pathlib import Path

from IPython.display import HTML, DisplayHandle, display

from fabeye.reporting.views import loss_figure


class LiveLosses:
    """The losses of a training stage, shown at the first call and brought up to date at every other.

    Plotly shows a figure by itself and so without a handle to it; the figure is therefore handed on as HTML, with all
    that a browser needs to draw it.
    """

    def __init__(self, reports: Path, stage: str):
        self.reports, self.stage = reports, stage
        self._handle: DisplayHandle | None = None

    def __call__(self) -> None:
        shown = HTML(loss_figure(self.reports, [self.stage]).to_html(full_html=False, include_plotlyjs=True))
        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)
