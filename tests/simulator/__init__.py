"""Devices, cameras and platforms for tests and for the virtual ward: they speak on real buses, ttys and sockets."""
