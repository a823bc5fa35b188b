"""The words of all reasons, one file a group."""

from agent.rules.words import alarms, bed, calls, care, checks, devices, fall, links, news2, vitals

WORDS = {
    **alarms.WORDS,
    **bed.WORDS,
    **calls.WORDS,
    **care.WORDS,
    **checks.WORDS,
    **devices.WORDS,
    **fall.WORDS,
    **links.WORDS,
    **news2.WORDS,
    **vitals.WORDS,
}
VALUES = {
    **alarms.VALUES,
    **calls.VALUES,
    **care.VALUES,
    **devices.VALUES,
    **fall.VALUES,
    **links.VALUES,
    **news2.VALUES,
}
