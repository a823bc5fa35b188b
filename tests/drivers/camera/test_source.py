"""Addresses of cameras, and what may be shown of them."""

import pytest

from drivers.camera.source import SourceKind, source_of


@pytest.mark.parametrize(
    ("address", "kind", "shown", "host", "port"),
    [
        ("/srv/clips/hall.mp4", SourceKind.FILE, "/srv/clips/hall.mp4", "", 0),
        ("/dev/video2", SourceKind.DEVICE, "/dev/video2", "", 0),
        ("rtsp://10.0.0.5/2", SourceKind.NETWORK, "rtsp://10.0.0.5/2", "10.0.0.5", 554),
        ("rtsp://u:p%40ss@cam.local:8554/2?key=z#f", SourceKind.NETWORK, "rtsp://cam.local:8554/2", "cam.local", 8554),
        ("http://u@10.0.0.5/video.mjpg", SourceKind.NETWORK, "http://10.0.0.5/video.mjpg", "10.0.0.5", 80),
        ("https://u:p@[fe80::1]/v", SourceKind.NETWORK, "https://[fe80::1]/v", "fe80::1", 443),
        ("rtsps://cam/", SourceKind.NETWORK, "rtsps://cam/", "cam", 322),
    ],
)
def test_addresses(address: str, kind: SourceKind, shown: str, host: str, port: int) -> None:
    source = source_of(address)
    assert (source.kind, source.shown, source.host, source.port) == (kind, shown, host, port)
    assert source.address == address
    assert "p%40ss" not in repr(source)


@pytest.mark.parametrize("address", ["gopher://u:secret@cam/", "rtsp://", "rtsp:///path"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError) as error:
        source_of(address)
    assert "secret" not in str(error.value)
