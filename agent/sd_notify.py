"""systemd's readiness and watchdog protocol (sd_notify(3)): datagrams to the socket in NOTIFY_SOCKET."""

import os
import socket


def notify(message: str) -> None:
    """Send `message`, such as ``READY=1``; does nothing when not started by systemd."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.setblocking(False)
        try:
            sock.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return  # a manager that does not listen must not stop the agent


def watchdog_interval_s() -> float | None:
    """How often to send ``WATCHDOG=1``: half the time that systemd allows; None when it does not watch."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    allowed = os.environ.get("WATCHDOG_USEC", "")
    return int(allowed) / 2e6 if allowed.isdigit() and int(allowed) else None
