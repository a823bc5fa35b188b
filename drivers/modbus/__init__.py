"""Modbus RTU: register profiles as data, one bus a driver."""
