"""A real RTSP session: H.264 with a password, frozen, killed, back again."""

import time
from collections.abc import AsyncIterator

import pytest

from drivers.backoff import Backoff
from drivers.camera.capture import CaptureState
from drivers.camera.source import source_of
from drivers.camera.stream import Stream
from tests.drivers.camera.test_stream import new_frame, reaches
from tests.simulator.rtsp_camera import RtspCamera, RtspCameraError

pytestmark = pytest.mark.slow


@pytest.fixture
async def camera() -> AsyncIterator[RtspCamera]:
    camera = RtspCamera()
    try:
        await camera.start()
    except (RtspCameraError, FileNotFoundError) as error:
        pytest.skip(str(error))
    yield camera
    await camera.vanish()


async def test_a_session_and_its_faults(camera: RtspCamera) -> None:
    stream = Stream(source_of(camera.url), backoff=Backoff(0.1, 0.2))
    try:
        await reaches(stream, CaptureState.PLAYING, 20)
        for _ in range(10):
            await new_frame(stream)
        assert stream.newest is not None
        assert stream.newest.pixels.shape == (240, 320, 3)
        assert time.monotonic() - stream.newest.at < 0.3

        await camera.freeze()
        frozen_at = time.monotonic()
        await reaches(stream, CaptureState.LOST)
        assert time.monotonic() - frozen_at < 7
        await camera.thaw()
        await reaches(stream, CaptureState.PLAYING, 20)

        await camera.vanish()
        await reaches(stream, CaptureState.LOST)
        assert "geheim" not in stream.why
        await camera.start()
        await reaches(stream, CaptureState.PLAYING, 30)
        await new_frame(stream)
    finally:
        stream.close()


async def test_a_wrong_password_is_told(camera: RtspCamera) -> None:
    stream = Stream(source_of(camera.url.replace("geheim", "falsch")))
    try:
        await reaches(stream, CaptureState.LOST)
        assert "check its user, password and path" in stream.why
        assert "falsch" not in stream.why
    finally:
        stream.close()
