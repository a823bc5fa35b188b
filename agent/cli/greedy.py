"""Commands with an option that takes all names up to the next option, as a shell's `room/*.mp4` gives them."""

from collections.abc import Sequence, Set
from typing import Any

import typer.core

OPTION = "--learn"


class LearningCommand(typer.core.TyperCommand):
    """A command whose option `--learn` takes any number of names."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer hides its context's class
        """Typer's own knows only one value an option."""
        valued = {name for one in self.params if not getattr(one, "is_flag", True) for name in one.opts}
        return super().parse_args(ctx, spread(args, valued - {OPTION}))


def spread(arguments: Sequence[str], valued: Set[str]) -> list[str]:
    """Each name behind `--learn` gets a `--learn` of its own; where no other name is left, the last one is the clip.

    `valued` are the other options that take a value.
    """
    rest: list[str] = []
    learnt: list[str] = []
    named = False  # whether the clip stands elsewhere
    behind = ""  # the option that takes what comes
    for number, argument in enumerate(arguments):
        if argument == "--":
            named = named or number + 1 < len(arguments)
            rest += arguments[number:]
            break
        if argument == OPTION or argument in valued:
            behind = argument
            if argument != OPTION:
                rest.append(argument)
        elif argument.startswith(f"{OPTION}="):
            learnt.append(argument.removeprefix(f"{OPTION}="))
            behind = ""
        elif argument.startswith("-") and behind not in valued:
            rest.append(argument)
            behind = ""
        elif behind == OPTION:
            learnt.append(argument)
        else:
            named = named or behind not in valued
            rest.append(argument)
            behind = ""
    clip = [learnt.pop()] if not named and len(learnt) > 1 else []
    return [*(word for name in learnt for word in (OPTION, name)), *clip, *rest]
