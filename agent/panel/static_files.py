"""Scripts, styles and pictures, held in memory: no disk at run time, nothing from elsewhere."""

import hashlib
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.panel.errors import ApiError

_FOLDER = Path(__file__).parent / "static"
_TYPES = MappingProxyType({".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"})


def routes() -> list[Route]:
    """One route for all files of the folder as they are now; others are not found."""
    files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
    tags = {name: f'"{hashlib.sha256(content).hexdigest()[:16]}"' for name, content in files.items()}

    async def get(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise ApiError("not_found")
        headers = {"etag": tags[name], "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == tags[name]:
            return Response(status_code=304, headers=headers)
        return Response(files[name], media_type=_TYPES[Path(name).suffix], headers=headers)

    return [Route("/static/{name}", get)]
