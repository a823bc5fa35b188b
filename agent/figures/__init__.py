"""Figures of alarm practice (ISA-18.2, IEC 62682) out of the alarm log: pure, one pass, bounded memory."""
