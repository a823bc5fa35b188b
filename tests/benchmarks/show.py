"""A report for people."""

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Report
from tests.benchmarks.goals import GOALS


def show(report: Report, console: Console) -> None:
    """The table of figures, how they were got, and on what machine."""
    table = Table(title=report.bench)
    for head in ("metric", "value", "unit", "goal", "holds"):
        table.add_column(head, justify="right" if head == "value" else "left")
    for one in report.figures:
        value = "-" if one.value is None else f"{one.value:,.4g}" if abs(one.value) < 1000 else f"{one.value:,.0f}"
        table.add_row(
            one.metric, value, one.unit, one.goal, "yes" if one.holds else "NO", style="" if one.holds else "bold red"
        )
    console.print(table)
    for peer in report.peers:
        console.print("  ".join(f"{key} {value}" for key, value in peer.items()), markup=False)
    for note in report.notes:
        console.print(f"· {note}", markup=False)
    console.print("machine: " + ", ".join(f"{key} {value}" for key, value in report.machine.items()), markup=False)
    missed = sum(not one.holds for one in report.figures)
    verdict = f"{missed} of {len(report.figures)} do not hold" if missed else "every goal holds"
    console.print(verdict, style="bold red" if missed else "bold green")


def show_list(summaries: dict[str, str], console: Console) -> None:
    """Every benchmark with its goals in the issues' words."""
    for name, summary in summaries.items():
        console.print(f"[bold]{name}[/bold]  {summary}")
        table = Table(show_header=False, box=None, padding=(0, 2))
        for goal in GOALS:
            if goal.bench == name:
                table.add_row(goal.metric, goal.unit, goal.text, goal.quote)
        console.print(table)
