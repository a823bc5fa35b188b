"""Fault injection: the real daemon and its processes on real buses, ttys, files and sockets."""
