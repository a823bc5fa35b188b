"""Devices on a serial line: ports, Modbus, streaming protocols."""
