"""What can go wrong between us and a device, sorted by what the caller should do."""

from drivers.trouble import Value, trouble


class DriverError(Exception):
    """Root of the tree: the link cannot go on; restart its driver later."""


class LinkLostError(DriverError):
    """The port, adapter or bus went away or cannot be opened; it may come back."""

    def __init__(self, code: str, **values: Value) -> None:
        """`code` of `drivers.trouble.TROUBLES` with its values: the link, what happened, and the cure."""
        self.trouble = trouble(code, **values)
        super().__init__(str(self.trouble))


class ProfileError(DriverError):
    """A device profile that cannot be used; names the file and key."""
