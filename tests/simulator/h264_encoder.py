"""The program behind `tests.simulator.h264`: pictures on standard input become H.264 in an MP4, by GStreamer.

Run as ``/usr/bin/python3 h264_encoder.py WIDTH HEIGHT FPS KBIT FILE`` (Debian: python3-gi, plugins-base, -bad, -ugly);
takes I420 frames, one after the other.
"""

# ruff: noqa: E402 - gi wants its versions before the import
# mypy: ignore-errors

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst


def main() -> int:
    """Encode until the input ends."""
    width, height, fps, kbit, path = sys.argv[1:]
    Gst.init(None)
    line = Gst.parse_launch(
        f"fdsrc fd=0 ! rawvideoparse format=i420 width={width} height={height} framerate={fps}/1"
        f" ! x264enc bitrate={kbit} speed-preset=veryfast key-int-max={2 * int(fps)} bframes=0 threads=1"
        f" ! video/x-h264,profile=main ! h264parse ! mp4mux ! filesink name=out"
    )
    line.get_by_name("out").set_property("location", path)
    line.set_state(Gst.State.PLAYING)
    message = line.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    line.set_state(Gst.State.NULL)
    return 0 if message.type == Gst.MessageType.EOS else 1


if __name__ == "__main__":
    sys.exit(main())
