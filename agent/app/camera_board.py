"""Mode and threshold of each camera, as the site facts in force have them."""

from collections.abc import Mapping
from typing import Any

from agent.app.site_facts import SiteFacts
from agent.camera_facts import CameraFacts, CameraMode, facts_from
from agent.panel.site_port import Edit

TABLE = "camera"


class CameraBoard:
    """Fulfils `agent.app.shadow_role.CameraBoard`; `read` again whenever the site facts have changed."""

    def __init__(self, desk: SiteFacts) -> None:
        self._desk = desk
        self._facts: dict[str, CameraFacts] = {}
        self.read()

    def read(self) -> None:
        """Take the facts that are in force now."""
        self._facts = {str(row["id"]): _facts(row) for row in self._desk.document.get(TABLE, ())}

    def facts(self, camera: str) -> CameraFacts:
        """Those of `camera`; the usual ones where nobody has set any."""
        return self._facts.get(camera) or CameraFacts(camera)

    async def put(self, camera: str, mode: CameraMode, threshold: float | None, author: str) -> None:
        """Put them in force, the other facts of the camera as they are; raises what an edit raises."""
        rows: list[dict[str, Any]] = self._desk.document.get(TABLE, [])
        row = next((row for row in rows if row["id"] == camera), {})
        kept = {key: value for key, value in row.items() if key not in ("id", "mode", "threshold")}
        own = {} if threshold is None else {"threshold": threshold}
        await self._desk.edit(Edit(TABLE, camera, {**kept, "mode": mode.value, **own}), author)


def _facts(row: Mapping[str, Any]) -> CameraFacts:
    usual = CameraFacts(str(row["id"])).told()
    return facts_from({**usual, **{key: row[key] for key in usual if key in row}})
