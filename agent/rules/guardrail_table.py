"""How far each number of rules.toml may be set, and how far it should be: the one table of guardrails.

A value outside `low` to `high` is refused, one outside `good_low` to `good_high` is told to whoever sets it. Names are
those of rules.toml with dots; `*` stands for any one part, and the first row that fits counts. Every number has a row.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rail:
    """The absolute bounds and the recommended ones, all of them inside."""

    low: float
    high: float
    good_low: float
    good_high: float


ROWS: tuple[tuple[str, Rail], ...] = (
    # vital signs: /min, %, seconds
    ("vitals.heart_rate_low.medium.at", Rail(35, 60, 40, 55)),
    ("vitals.heart_rate_low.high.at", Rail(25, 50, 35, 45)),
    ("vitals.heart_rate_low_night.medium.at", Rail(30, 55, 38, 50)),
    ("vitals.heart_rate_low_night.high.at", Rail(25, 45, 32, 42)),
    ("vitals.heart_rate_high.medium.at", Rail(90, 150, 100, 125)),
    ("vitals.heart_rate_high.high.at", Rail(110, 180, 120, 150)),
    ("vitals.heart_rate_high_active.medium.at", Rail(100, 170, 120, 150)),
    ("vitals.heart_rate_high_active.high.at", Rail(120, 190, 140, 170)),
    ("vitals.spo2_low.medium.at", Rail(80, 96, 88, 94)),
    ("vitals.spo2_low.high.at", Rail(75, 92, 84, 90)),
    ("vitals.spo2_low_scale_2.medium.at", Rail(78, 92, 83, 88)),
    ("vitals.spo2_low_scale_2.high.at", Rail(72, 90, 80, 86)),
    ("vitals.respiratory_rate_low.medium.at", Rail(5, 12, 7, 10)),
    ("vitals.respiratory_rate_low.high.at", Rail(4, 10, 6, 9)),
    ("vitals.respiratory_rate_high.medium.at", Rail(18, 35, 20, 28)),
    ("vitals.respiratory_rate_high.high.at", Rail(22, 45, 24, 35)),
    ("vitals.*.medium.for_s", Rail(10, 900, 60, 600)),
    ("vitals.*.high.for_s", Rail(5, 300, 15, 180)),
    ("vitals.*.back", Rail(0.5, 10, 1, 5)),
    ("vitals.*.jump", Rail(0, 60, 0, 40)),
    ("vitals.confirm_s", Rail(0, 300, 30, 180)),
    ("vitals.unreliable_s", Rail(60, 86_400, 300, 3600)),
    # NEWS2: points, minutes, hours
    ("news2.single_at", Rail(2, 3, 3, 3)),
    ("news2.medium_at", Rail(3, 6, 5, 5)),
    ("news2.high_at", Rail(5, 9, 7, 7)),
    ("news2.fresh_min", Rail(5, 60, 10, 30)),
    ("news2.spot_h", Rail(1, 24, 4, 12)),
    ("news2.word_h", Rail(1, 24, 4, 12)),
    ("news2.over_min", Rail(0, 120, 5, 60)),
    # away from one's own normal: minutes, days, /min, %
    ("baseline.window_min", Rail(10, 120, 20, 60)),
    ("baseline.days", Rail(1, 28, 3, 14)),
    ("baseline.spreads", Rail(2, 10, 3, 6)),
    ("baseline.heart_rate_by", Rail(5, 60, 15, 30)),
    ("baseline.spo2_by", Rail(2, 15, 3, 6)),
    ("baseline.respiratory_rate_by", Rail(2, 20, 4, 8)),
    # measurements: Cel, mmHg, mmol/L, minutes, hours, seconds, % of weight
    ("checks.temperature_low.high", Rail(33, 36, 34.5, 35.5)),
    ("checks.temperature_high.low", Rail(37, 38.5, 37.3, 38)),
    ("checks.temperature_high.medium", Rail(37.3, 39, 37.8, 38.5)),
    ("checks.temperature_high.high", Rail(38, 40.5, 38.5, 39.5)),
    ("checks.temperature_*.back", Rail(0, 1, 0.1, 0.5)),
    ("checks.systolic_low.low", Rail(80, 120, 90, 110)),
    ("checks.systolic_low.high", Rail(70, 100, 80, 95)),
    ("checks.systolic_high.low", Rail(130, 200, 140, 180)),
    ("checks.systolic_high.high", Rail(150, 230, 170, 200)),
    ("checks.diastolic_high.medium", Rail(85, 130, 95, 120)),
    ("checks.glucose_low.medium", Rail(3.0, 6, 3.9, 5)),
    ("checks.glucose_low.high", Rail(2.2, 4.5, 3.0, 4)),
    ("checks.glucose_high.low", Rail(8, 22, 10, 15)),
    ("checks.glucose_high.medium", Rail(10, 30, 13, 20)),
    ("checks.glucose_*.back", Rail(0, 3, 0.1, 1)),
    ("checks.*.back", Rail(0, 20, 2, 10)),
    ("checks.repeat_min", Rail(1, 30, 3, 10)),
    ("checks.fever_at", Rail(36.8, 37.8, 37, 37.5)),
    ("checks.fever_h", Rail(4, 72, 12, 48)),
    ("checks.drop_systolic", Rail(10, 60, 15, 30)),
    ("checks.drop_diastolic", Rail(5, 40, 8, 15)),
    ("checks.drop_min", Rail(1, 10, 2, 5)),
    ("checks.apnoea_s", Rail(10, 60, 20, 40)),
    ("checks.loss_month", Rail(2, 15, 3, 7)),
    ("checks.loss_half_year", Rail(4, 25, 7, 12)),
    # beds: seconds, minutes
    ("bed_exit.high_risk_high_s", Rail(10, 600, 15, 180)),
    ("bed_exit.flicker_s", Rail(0, 30, 2, 15)),
    ("bed.not_back_medium_min", Rail(3, 120, 5, 45)),
    ("bed.not_back_high_min", Rail(5, 240, 15, 90)),
    ("bed.seen_min", Rail(1, 60, 5, 30)),
    ("bed.long_min", Rail(240, 1440, 540, 900)),
    ("bed.turn_soon_min", Rail(0, 60, 5, 30)),
    ("bed.turn_late_min", Rail(0, 120, 5, 60)),
    ("bed.rail_s", Rail(10, 1800, 30, 300)),
    # where residents go
    ("movement.toilet_medium_min", Rail(3, 120, 10, 45)),
    ("movement.toilet_high_min", Rail(5, 240, 15, 60)),
    ("movement.toilet_night_medium_min", Rail(3, 120, 8, 30)),
    ("movement.toilet_night_high_min", Rail(5, 240, 12, 45)),
    ("movement.toilet_leave_s", Rail(10, 600, 30, 180)),
    ("movement.toilet_still_min", Rail(1, 120, 5, 30)),
    ("movement.escort_wait_s", Rail(0, 5, 1, 5)),
    ("movement.escort_within_s", Rail(2, 60, 5, 30)),
    ("movement.lost_s", Rail(30, 600, 60, 180)),
    ("movement.door_held_s", Rail(5, 300, 10, 60)),
    ("movement.passes", Rail(3, 50, 4, 12)),
    ("movement.pace_min", Rail(1, 120, 5, 30)),
    ("movement.pace_medium_min", Rail(1, 240, 10, 60)),
    ("movement.flap_s", Rail(0, 60, 5, 30)),
    ("movement.inactive_min", Rail(30, 1440, 120, 480)),
    # falls: seconds, certainties, weights
    ("fall.recovery_s", Rail(10, 20, 10, 20)),
    ("fall.second_source_s", Rail(5, 120, 15, 60)),
    ("fall.answer_s", Rail(5, 30, 10, 20)),
    ("fall.lie_s", Rail(60, 1800, 120, 600)),
    ("fall.high_at", Rail(0.5, 0.95, 0.7, 0.95)),
    ("fall.raise_at", Rail(0.2, 0.9, 0.3, 0.9)),
    ("fall.ask_at", Rail(0.1, 0.9, 0.15, 0.8)),
    ("fall.weights.*", Rail(0, 1, 0, 1)),
    # how long devices may say nothing, seconds; 0: no alarm of that priority
    ("silent_device.life_safety.medium_s", Rail(10, 3600, 30, 300)),
    ("silent_device.button.medium_s", Rail(600, 172_800, 3600, 86_400)),
    ("silent_device.bed.medium_s", Rail(30, 3600, 60, 600)),
    ("silent_device.camera.low_s", Rail(0, 600, 5, 60)),
    ("silent_device.camera.medium_s", Rail(10, 3600, 30, 300)),
    ("silent_device.*.low_s", Rail(0, 172_800, 0, 14_400)),
    ("silent_device.*.medium_s", Rail(0, 172_800, 0, 86_400)),
    # what devices need: seconds, % of a full battery
    ("devices.not_worn_s", Rail(300, 14_400, 600, 7200)),
    ("devices.charge_at", Rail(15, 60, 20, 40)),
    ("devices.low_at", Rail(5, 25, 8, 20)),
    ("devices.battery_back", Rail(1, 20, 3, 10)),
    ("devices.pump_fault_s", Rail(0, 600, 5, 120)),
    ("devices.mains_for_s", Rail(0, 300, 2, 60)),
    ("devices.reserve_medium", Rail(20, 90, 30, 70)),
    ("devices.reserve_high", Rail(5, 50, 10, 30)),
    ("devices.flutter_changes", Rail(3, 60, 4, 20)),
    ("devices.flutter_s", Rail(10, 600, 30, 300)),
    # hazards: seconds, degrees Celsius, dB(A)
    ("hazards.leak_for_s", Rail(0, 120, 5, 60)),
    ("hazards.scald_medium", Rail(40, 50, 42, 46)),
    ("hazards.scald_high", Rail(45, 55, 46, 52)),
    ("hazards.scald_for_s", Rail(0, 60, 1, 15)),
    ("hazards.scald_back", Rail(0, 5, 1, 3)),
    ("hazards.noise_above", Rail(60, 100, 65, 85)),
    ("hazards.noise_for_s", Rail(1, 120, 5, 30)),
    ("hazards.noise_quiet_s", Rail(0, 600, 30, 300)),
    ("hazards.stuck_after_s", Rail(3600, 172_800, 7200, 86_400)),
    # water and electricity: hours, cubic metres, shares, days
    ("utilities.dry_h", Rail(6, 48, 8, 24)),
    ("utilities.dry_below_m3", Rail(0.001, 0.1, 0.005, 0.02)),
    ("utilities.leak_h", Rail(12, 48, 12, 36)),
    ("utilities.noon_share", Rail(0, 0.5, 0.1, 0.4)),
    ("utilities.night_times", Rail(1.5, 10, 2, 5)),
    ("utilities.night_for_h", Rail(0.5, 6, 1, 4)),
    ("utilities.days", Rail(7, 28, 10, 28)),
    ("utilities.least_days", Rail(3, 14, 5, 14)),
    # care: minutes, days, hours
    ("care.round_min", Rail(30, 240, 60, 120)),
    ("care.round_overdue_min", Rail(5, 120, 10, 60)),
    ("care.meal_before_min", Rail(5, 60, 10, 30)),
    ("care.assessment_days", Rail(30, 365, 90, 180)),
    ("care.still_h", Rail(6, 72, 12, 36)),
)

# What must not be above what: (the lesser, the greater); an alarm that is graver comes later or further out.
ORDERS: tuple[tuple[str, str], ...] = (
    ("vitals.heart_rate_low_night.medium.at", "vitals.heart_rate_low.medium.at"),
    ("vitals.heart_rate_high.medium.at", "vitals.heart_rate_high_active.medium.at"),
    ("vitals.spo2_low_scale_2.medium.at", "vitals.spo2_low.medium.at"),
    ("news2.medium_at", "news2.high_at"),
    ("checks.temperature_high.low", "checks.temperature_high.medium"),
    ("checks.temperature_high.medium", "checks.temperature_high.high"),
    ("checks.systolic_low.high", "checks.systolic_low.low"),
    ("checks.systolic_high.low", "checks.systolic_high.high"),
    ("checks.glucose_low.high", "checks.glucose_low.medium"),
    ("checks.glucose_high.low", "checks.glucose_high.medium"),
    ("checks.loss_month", "checks.loss_half_year"),
    ("bed.not_back_medium_min", "bed.not_back_high_min"),
    ("movement.toilet_medium_min", "movement.toilet_high_min"),
    ("movement.toilet_night_medium_min", "movement.toilet_night_high_min"),
    ("movement.pace_min", "movement.pace_medium_min"),
    ("fall.ask_at", "fall.raise_at"),
    ("fall.raise_at", "fall.high_at"),
    ("hazards.scald_medium", "hazards.scald_high"),
    ("devices.low_at", "devices.charge_at"),
    ("devices.reserve_high", "devices.reserve_medium"),
    ("utilities.least_days", "utilities.days"),
)
