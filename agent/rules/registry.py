"""Which rules there are: one row each."""

from agent.rules.battery import BATTERY_ROW
from agent.rules.bed_exit import BedExitRule
from agent.rules.camera_sight import CAMERA_SIGHT_ROW
from agent.rules.care_dates import ASSESSMENT_ROW
from agent.rules.electricity_use import ELECTRICITY_ROW
from agent.rules.fall import FALL_ROW
from agent.rules.hazard_contact import KIND_OF, HazardContactRule
from agent.rules.lasting import LASTING_ROWS
from agent.rules.long_lie import LONG_LIE_ROW
from agent.rules.meals import MEALS_ROW
from agent.rules.night_rounds import ROUNDS_ROW
from agent.rules.noise import NOISE_ROW
from agent.rules.row import RuleRow, Scope, bound_devices
from agent.rules.scald import SCALD_ROW
from agent.rules.service_request import SERVICE_ROW
from agent.rules.silent_device import SilentDeviceRule
from agent.rules.sos import SosRule
from agent.rules.visit import VISIT_ROW
from agent.rules.vital_limits import VITAL_ROWS
from agent.rules.water_use import WATER_ROW
from agent.rules.worn import WORN_ROW

__all__ = ["ROWS", "RuleRow", "Scope"]

ROWS: tuple[RuleRow, ...] = (
    RuleRow("sos", SosRule, Scope.DEVICE, quantities=("button",), life_safety=True),
    RuleRow("hazard_contact", HazardContactRule, Scope.DEVICE, quantities=tuple(KIND_OF), life_safety=True),
    FALL_ROW,
    LONG_LIE_ROW,
    RuleRow("bed_exit", BedExitRule, Scope.DEVICE, quantities=("bed_occupied",)),
    RuleRow("silent_device", SilentDeviceRule, Scope.DEVICE, every_word=True, watches=bound_devices),
    *VITAL_ROWS,
    *LASTING_ROWS,
    SCALD_ROW,
    NOISE_ROW,
    BATTERY_ROW,
    WORN_ROW,
    CAMERA_SIGHT_ROW,
    SERVICE_ROW,
    ROUNDS_ROW,
    MEALS_ROW,
    ASSESSMENT_ROW,
    VISIT_ROW,
    WATER_ROW,
    ELECTRICITY_ROW,
)
