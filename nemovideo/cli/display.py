"""Progress on stderr: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from nemovideo.cli.wording import one_line

if TYPE_CHECKING:
    from types import TracebackType

    from nemovideo.models import Progress as Report

_PHASES = {"upload": "Uploading", "chat": "Editing", "render": "Rendering", "download": "Downloading"}


class Display:
    """Shows the phases of a long call; a context manager, and a callable for `on_progress`.

    Each phase is one bar on a terminal, one line elsewhere.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bars = (
            Progress(
                SpinnerColumn(finished_text="[green]✓"),
                TextColumn("{task.description:<12}"),
                BarColumn(bar_width=28),
                TimeElapsedColumn(),
                TextColumn("[dim]{task.fields[note]}"),
                console=console,
            )
            if console.is_terminal
            else None
        )
        self._phase = ""
        self._task: TaskID | None = None

    def __call__(self, report: Report) -> None:
        """Show how far a call is."""
        self.show(report.phase, report.fraction)

    def show(self, phase: str, fraction: float | None = None, note: str = "") -> None:
        """Show a phase that is under way.

        Args:
            phase: As in `Progress.phase`.
            fraction: How much of it is done; None while that is unknown.
            note: What is being done, beside the bar.
        """
        if phase != self._phase:
            self._finish_phase()
            self._start_phase(phase)
        if self._bars is not None and self._task is not None:
            total = None if fraction is None else 1.0
            self._bars.update(self._task, total=total, completed=fraction or 0.0, note=escape(one_line(note)))

    def _start_phase(self, phase: str) -> None:
        self._phase = phase
        name = _PHASES.get(phase, phase)
        if self._bars is None:
            click.echo(f"{name} ...", err=True)
        else:
            self._task = self._bars.add_task(name, total=None, note="")

    def _finish_phase(self) -> None:
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, total=1.0, completed=1.0, note="")

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._finish_phase()
        if self._bars is not None:
            self._bars.stop()
