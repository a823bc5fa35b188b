"""Commands that need the source checkout: the simulated homes are part of the tests, not of what is installed."""

import importlib
import sys
from types import ModuleType

from agent.cli.common import fail
from agent.settings.load import shipped_config


def from_checkout(module: str, otherwise: str) -> ModuleType:
    """`module` of the checkout that we run from; ends the command with the text `otherwise` where there is none."""
    checkout = shipped_config().parent
    if not checkout.joinpath(*module.split(".")[:-1]).is_dir():
        fail(otherwise)
    sys.path.insert(0, str(checkout))
    return importlib.import_module(module)
