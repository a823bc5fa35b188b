"""The virtual ward: a home whose sensors speak on real buses, ttys and sockets to the real daemon, up to a platform."""
