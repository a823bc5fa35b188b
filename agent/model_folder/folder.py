"""The folder of installed models: what stands in it, and how that is replaced at once or not at all."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.model_folder.errors import ModelFolderError
from agent.model_folder.fetch import Progress, bring, sha256_of
from agent.model_folder.row import ModelRow, read_manifest
from agent.process_lock import AlreadyRunningError, ProcessLock

FOLDER = "models"  # in the state folder
_MANIFEST = "manifest.toml"
_LOCK = ".lock"

# The file and what is known of it -> what a try run says of its input and output; raises ModelFolderError.
Trial = Callable[[Path, Mapping[str, Any]], Mapping[str, Any]]


class ModelFolder:
    """`path` need not be there. At most one model stands in it: the eyes use one detector."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest = path / _MANIFEST

    def installed(self) -> ModelRow | None:
        """What its manifest describes, None where nothing is installed; raises ModelFolderError on an odd manifest."""
        try:
            return ModelRow.made(*read_manifest(self._manifest.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ModelFolderError("no_file", place=self._manifest, why=error.strerror) from error
        except ValueError as error:
            raise ModelFolderError("odd_manifest", place=self._manifest, why=error) from error

    def file(self, row: ModelRow) -> Path:
        """Where the file of `row` lies."""
        return self.path / row.file

    def install(self, place: str, told: Mapping[str, Any], progress: Progress, trial: Trial) -> ModelRow:
        """Bring the file at `place`, try it and put it in the place of what stood; gives its row.

        `told`: name, sha256, sha256_from, licence, source, and what else its manifest says. Raises ModelFolderError;
        then, and when it is interrupted anywhere, what stood stands.
        """
        lock = self._locked()
        try:
            return self._install(place, told, progress, trial)
        except OSError as error:
            raise ModelFolderError("not_written", place=self.path, why=error.strerror) from error
        finally:
            lock.release()

    def remove(self, name: str) -> ModelRow:
        """Take the model `name` out; gives its row. Raises ModelFolderError."""
        lock = self._locked()
        try:
            row = self.installed()
            if row is None or row.name != name:
                raise ModelFolderError("none_installed", place=self.path, name=name)
            self._manifest.unlink()
            self._sync()
            self._clear("")
        except OSError as error:
            raise ModelFolderError("not_written", place=self.path, why=error.strerror) from error
        finally:
            lock.release()
        return row

    def verify(self, row: ModelRow) -> None:
        """Raise ModelFolderError where the file of `row` is gone or is not the one that was installed."""
        file = self.file(row)
        try:
            found = sha256_of(file)
        except OSError as error:
            raise ModelFolderError("lost", place=file, why=error.strerror) from error
        if found != row.sha256:
            raise ModelFolderError("altered", place=file, found=found, wanted=row.sha256)

    def _install(self, place: str, told: Mapping[str, Any], progress: Progress, trial: Trial) -> ModelRow:
        part = self.path / f"{told['sha256']}.part"
        size = bring(place, part, told["sha256"], progress)
        try:
            tried = trial(part, told)
        except ModelFolderError as error:  # of a file that whoever asked has never heard of
            raise ModelFolderError(error.code, **{**error.values, "place": place}) from error
        values = {**tried, **told, "bytes": size, "file": f"{told['name']}-{told['sha256'][:12]}.onnx"}
        name = values.pop("name")
        try:
            row = ModelRow.made(name, values)
        except ValueError as error:
            raise ModelFolderError("odd_manifest", place=place, why=error) from error
        part.chmod(0o644)
        part.replace(self.file(row))
        new = self._manifest.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(row.to_toml())
            file.flush()
            os.fsync(file.fileno())
        self._sync()
        new.replace(self._manifest)  # from here on the new one stands
        self._sync()
        self._clear(row.file)
        return row

    def _clear(self, kept: str) -> None:
        """Remove files that no manifest names; parts of downloads stay, to go on."""
        for file in self.path.glob("*.onnx"):
            if file.name != kept:
                file.unlink()

    def _locked(self) -> ProcessLock:
        try:
            self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
            return ProcessLock(self.path / _LOCK).acquire()
        except AlreadyRunningError as error:
            raise ModelFolderError("busy", place=self.path, pid=error.pid) from error
        except OSError as error:
            raise ModelFolderError("not_written", place=self.path, why=error.strerror) from error

    def _sync(self) -> None:
        fd = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
