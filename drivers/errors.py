"""What can go wrong between us and a device, sorted by what the caller should do."""


class DriverError(Exception):
    """Root of the tree: the link cannot go on; restart its driver later."""


class LinkLostError(DriverError):
    """The port, adapter or bus went away or cannot be opened; it may come back."""

    def __init__(self, link: str, cause: str, cure: str) -> None:
        """Name the link, what happened, and what a person can do about it."""
        super().__init__(f"{link}: {cause}; {cure}")
        self.link = link
        self.cause = cause
        self.cure = cure


class FrameError(DriverError):
    """A frame that its own rules forbid: drop it, count it, go on."""


class ProfileError(DriverError):
    """A device profile that cannot be used; names the file and key."""
