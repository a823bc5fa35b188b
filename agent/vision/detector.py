"""The person detector that this home has added, if it has; nothing here stops the eyes for want of it."""

import logging
from pathlib import Path

from agent.model_folder.errors import ModelFolderError
from agent.model_folder.folder import ModelFolder
from models.errors import ModelError
from models.person_detector import DetectorFile, PersonDetector

_LOGGER = logging.getLogger(__name__)


def open_detector(folder: Path | None) -> PersonDetector | None:
    """The detector installed in `folder`, on one thread; None where there is none, or where it is not the one meant.

    A detector that cannot be used is logged as an error: falls are told without it, as they are without any.
    """
    if folder is None:
        return None
    models = ModelFolder(folder)
    try:
        row = models.installed()
        if row is None:
            return None
        weights = DetectorFile(
            name=row.name,
            file=models.file(row),
            sha256=row.sha256,
            input=row.input,
            output=row.output,
            shape=row.shape,
            colours=row.colours,
            mean=row.mean,
            scale=row.scale,
            padding=row.padding,
            person=row.person,
        )
        detector = PersonDetector(weights)
    except (ModelFolderError, ModelError) as error:
        _LOGGER.error("vision: the added person detector is not used: %s", error)
        return None
    _LOGGER.info("vision: falls are looked at a second time by %s", row.name)
    return detector
