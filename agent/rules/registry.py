"""Which rules there are: one row each."""

from agent.rules.apnoea import APNOEA_ROW
from agent.rules.baseline import BASELINE_ROW
from agent.rules.battery import BATTERY_ROW
from agent.rules.bed_exit import BED_EXIT_ROW
from agent.rules.bed_flutter import BED_FLUTTER_ROW
from agent.rules.bed_rail import BED_RAIL_ROW
from agent.rules.camera_sight import CAMERA_SIGHT_ROW
from agent.rules.care_dates import ASSESSMENT_ROW
from agent.rules.electricity_use import ELECTRICITY_ROW
from agent.rules.exit_zone import EXIT_ZONE_ROW
from agent.rules.fall import FALL_ROW
from agent.rules.hazard_contact import KIND_OF, HazardContactRule
from agent.rules.in_bed_long import IN_BED_LONG_ROW
from agent.rules.inactivity import INACTIVITY_ROW
from agent.rules.lasting import LASTING_ROWS
from agent.rules.long_lie import LONG_LIE_ROW
from agent.rules.mains import MAINS_ROW
from agent.rules.meals import MEALS_ROW
from agent.rules.news2 import NEWS2_ROW
from agent.rules.night_rounds import ROUNDS_ROW
from agent.rules.noise import NOISE_ROW
from agent.rules.not_back_in_bed import NOT_BACK_ROW
from agent.rules.orthostatic import ORTHOSTATIC_ROW
from agent.rules.row import RuleRow, Scope, bound_devices
from agent.rules.scald import SCALD_ROW
from agent.rules.service_request import SERVICE_ROW
from agent.rules.silent_device import SilentDeviceRule
from agent.rules.sos import SosRule
from agent.rules.spot_checks import SPOT_ROWS
from agent.rules.toilet_stay import TOILET_ROW
from agent.rules.turning import TURNING_ROW
from agent.rules.unjudged_fall import UNJUDGED_FALL_ROW
from agent.rules.visit import VISIT_ROW
from agent.rules.vital_limits import VITAL_ROWS
from agent.rules.vital_unreliable import UNRELIABLE_ROW
from agent.rules.wandering import WANDERING_ROW
from agent.rules.water_use import WATER_ROW
from agent.rules.weight_loss import WEIGHT_ROW
from agent.rules.worn import WORN_ROW

__all__ = ["ROWS", "UNJUDGED_ROWS", "RuleRow", "Scope"]

ROWS: tuple[RuleRow, ...] = (
    RuleRow("sos", SosRule, Scope.DEVICE, quantities=("button",), life_safety=True),
    RuleRow("hazard_contact", HazardContactRule, Scope.DEVICE, quantities=tuple(KIND_OF), life_safety=True),
    FALL_ROW,
    LONG_LIE_ROW,
    BED_EXIT_ROW,
    NOT_BACK_ROW,
    IN_BED_LONG_ROW,
    BED_RAIL_ROW,
    TURNING_ROW,
    TOILET_ROW,
    EXIT_ZONE_ROW,
    WANDERING_ROW,
    INACTIVITY_ROW,
    RuleRow("silent_device", SilentDeviceRule, Scope.DEVICE, every_word=True, watches=bound_devices),
    *VITAL_ROWS,
    UNRELIABLE_ROW,
    NEWS2_ROW,
    BASELINE_ROW,
    APNOEA_ROW,
    *SPOT_ROWS,
    ORTHOSTATIC_ROW,
    WEIGHT_ROW,
    *LASTING_ROWS,
    SCALD_ROW,
    NOISE_ROW,
    BATTERY_ROW,
    BED_FLUTTER_ROW,
    MAINS_ROW,
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

# In safe mode in place of the rules of these names: they judge nothing new, and end what was being judged.
UNJUDGED_ROWS: tuple[RuleRow, ...] = (UNJUDGED_FALL_ROW,)
