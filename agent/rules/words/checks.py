"""Reasons about measurements, breath and weight: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "measured_low": (
            "{quantity} {value:g} {unit} (limit {limit:g})",
            "{quantity} {value:g} {unit}（下限 {limit:g}）",
        ),
        "measured_high": (
            "{quantity} {value:g} {unit} (limit {limit:g})",
            "{quantity} {value:g} {unit}（上限 {limit:g}）",
        ),
        "measure_again": ("measure again within {minutes:g} min", "请在 {minutes:g} 分钟内复测"),
        "measured_twice": ("measured again after {for_s:.0f} s", "{for_s:.0f} 秒后复测仍异常"),
        "not_measured_again": ("not measured again within {minutes:g} min", "{minutes:g} 分钟内未复测"),
        "fever_again": (
            "{value:g} Cel, above {limit:g} as {hours:.1f} h before",
            "{value:g} ℃，{hours:.1f} 小时前亦高于 {limit:g}",
        ),
        "pressure_drop": (
            "{quantity} from {before:g} to {value:g} within {for_s:.0f} s",
            "{quantity} {for_s:.0f} 秒内由 {before:g} 降至 {value:g}",
        ),
        "no_pressure_drop": ("no further drop", "未再下降"),
        "no_breath": ("{device}: no breathing seen for {for_s:.0f} s", "{device}：{for_s:.0f} 秒未测到呼吸"),
        "breathes": ("{device}: breathing seen", "{device}：已测到呼吸"),
        "bed_is_empty": ("{device}: the bed is empty", "{device}：已离床"),
        "weight_lost": (
            "{value:g} kg, {percent:.1f} % less than {before:g} kg within {days} days",
            "{value:g} kg，{days} 天内较 {before:g} kg 下降 {percent:.1f}%",
        ),
        "weight_kept": ("{value:g} kg", "{value:g} kg"),
    }
)
