"""Reasons of NEWS2: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "news2_total": ("NEWS2 {total}", "NEWS2 {total} 分"),
        "news2_part": ("{parameter} {shown}: {points}", "{parameter} {shown}：{points} 分"),
        "news2_partial": (
            "partial score {known}: {points} so far, no NEWS2",
            "部分评分 {known}：已知 {points} 分，不作为 NEWS2",
        ),
        "news2_missing": ("{parameter} is missing or too old", "缺少{parameter}或已过时"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("parameter", "respiratory_rate"): ("breathing rate", "呼吸频率"),
        ("parameter", "spo2"): ("SpO2", "血氧"),
        ("parameter", "oxygen"): ("air or oxygen", "吸氧情况"),
        ("parameter", "systolic"): ("systolic pressure", "收缩压"),
        ("parameter", "heart_rate"): ("pulse", "脉搏"),
        ("parameter", "consciousness"): ("consciousness", "意识"),
        ("parameter", "body_temperature"): ("body temperature", "体温"),
        ("shown", "air"): ("air", "空气"),
        ("shown", "oxygen"): ("oxygen", "吸氧"),
        ("shown", "A"): ("alert", "清醒"),
        ("shown", "C"): ("newly confused", "新发意识模糊"),
        ("shown", "V"): ("answers to voice", "对声音有反应"),
        ("shown", "P"): ("answers to pain", "对疼痛有反应"),
        ("shown", "U"): ("unresponsive", "无反应"),
    }
)
