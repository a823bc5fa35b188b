"""The machine that install.sh finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Bare: root, Python 3.11, room and network, none of the packages."""
    bare = Machine(tmp_path)
    yield bare
    bare.close()
