"""`nightlamp alarms stats`: the figures of the last days, out of the log; no daemon is needed."""

import math
import time
from typing import Annotated

import typer

from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, JsonOption, fail, put, put_json, settings_in
from agent.cli.language import chinese, say
from agent.figures.carers import always, by_roster
from agent.figures.table import table
from agent.store.reader import StoreUnreadableError
from agent.store.stats import DAYS_AT_MOST, stats

DAYS = 30.0

_DAYS = say("of the last so many days", "最近若干天")
_CARERS = say("carers on duty (default: by the roster)", "在岗人数（默认按排班）")

DaysOption = Annotated[float, typer.Option("--days", min=0.01, max=DAYS_AT_MOST, help=_DAYS)]
CarersOption = Annotated[float | None, typer.Option("--carers", help=_CARERS)]


def show(
    config: ConfigOption = DEFAULT_CONFIG,
    days: DaysOption = DAYS,
    carers: CarersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Figures of alarm practice: how many, how fast answered, how many needed nobody."""
    settings = settings_in(config)
    if carers is not None and not 0 < carers < math.inf:
        fail(say(f"--carers {carers:g}: give a number above 0", f"--carers {carers:g}：应大于 0"), EXIT_USAGE)
    file = settings.state / "alarms.db"
    if not file.exists():
        cure = say("there is no alarm log yet; start: nightlamp run", "尚无报警记录；请先运行 nightlamp run")
        fail(f"{file}: {cure}")
    on_duty = by_roster(settings.site.to_site().roster) if carers is None else always(carers)
    try:
        figures = stats(settings.state, days, time.time(), on_duty)
    except StoreUnreadableError as error:
        fail(say(f"{error}; run this as root or as the daemon's user", f"{error}；请以 root 或守护进程用户运行"))
    if as_json:
        put_json(figures.to_json())
    else:
        put(table(figures, "zh" if chinese() else "en"))
