"""Why an edit of the site facts was not made, or not kept, as a fault of the API."""

from agent.panel.errors import ApiError
from agent.panel.site_port import SiteNotKeptError, SiteNotReadError, SiteRefusedError, UnknownRowError

EDIT_ERRORS = (SiteRefusedError, UnknownRowError, SiteNotKeptError, SiteNotReadError)


def not_edited(error: Exception, table: str) -> ApiError:
    """One of `EDIT_ERRORS`, raised by an edit of `table`, as ours."""
    match error:
        case SiteRefusedError():
            return ApiError("site_refused", detail=str(error), number=len(error.problems))
        case UnknownRowError():
            return ApiError("unknown_row", table=table)
        case SiteNotKeptError():
            return ApiError("site_not_kept")
    return ApiError("site_not_read")
