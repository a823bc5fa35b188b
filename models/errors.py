"""What can be wrong with a model: the text names the file and what to do."""

from pathlib import Path


class ModelError(Exception):
    """A model cannot be used; `file` says which one."""

    def __init__(self, file: Path, fault: str, cure: str) -> None:
        super().__init__(f"{file}: {fault}. {cure}")
        self.file = file


class ManifestError(ModelError):
    """The manifest itself cannot be read or says nonsense."""


class ModelMissingError(ModelError):
    """The file of a model is not there or cannot be read."""


class ModelAlteredError(ModelError):
    """The file is not the one that the manifest describes."""


class ModelUnusableError(ModelError):
    """The file is the right one, and no network that can be run here."""
