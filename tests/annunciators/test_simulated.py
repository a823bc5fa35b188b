"""The output without hardware is as honest as one with it."""

from agent.annunciators.outputs import FAULT, KeptOutput
from agent.annunciators.scene import LINES, Scene
from agent.annunciators.settings import SimulatedSettings
from agent.annunciators.simulated import SimulatedOutput


def test_on_a_full_disk_it_stays_dead_until_a_line_change_is_written() -> None:
    kept = KeptOutput("bench", 1, SimulatedOutput(SimulatedSettings("bench", "/dev/full")))
    scene = Scene(dict.fromkeys(LINES, True), float("inf"))
    for now in (0.0, 100.0, 200.0):
        kept.apply(scene, now)
        assert (kept.state, "space" in kept.fault) == (FAULT, True)
    kept.end()
