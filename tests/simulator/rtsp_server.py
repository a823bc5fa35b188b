"""The program behind `tests.simulator.rtsp_camera`: H.264 over RTSP by GStreamer, for the system's own Python.

Run as ``/usr/bin/python3 rtsp_server.py PORT`` (Debian: python3-gi, gir1.2-gst-rtsp-server-1.0, plugins-ugly).
Says ``ready``; reads ``freeze``, ``thaw`` and ``quit``.
"""

# ruff: noqa: E402, T201 - gi wants its versions before the import; it speaks on stdout
# mypy: ignore-errors

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

PICTURE = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1 ! identity name=gate"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96 config-interval=1 )"
)


class Camera:
    """One picture at rtsp://127.0.0.1:PORT/live, for user `viewer` with password `geheim`."""

    def __init__(self, port: str) -> None:
        self.frozen = False
        self.loop = GLib.MainLoop()
        server = GstRtspServer.RTSPServer()
        server.set_address("127.0.0.1")
        server.set_service(port)
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(PICTURE)
        factory.set_shared(True)
        factory.connect("media-configure", self._gate)
        self._guard(server, factory)
        server.get_mount_points().add_factory("/live", factory)
        server.attach(None)
        self._server = server

    @staticmethod
    def _guard(server: GstRtspServer.RTSPServer, factory: GstRtspServer.RTSPMediaFactory) -> None:
        """Ask for user and password, as every camera on a real network does."""
        auth, token = GstRtspServer.RTSPAuth(), GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic("viewer", "geheim"), token)
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)

    def _gate(self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia) -> None:
        pad = media.get_element().get_by_name("gate").get_static_pad("src")
        drop, passes = Gst.PadProbeReturn.DROP, Gst.PadProbeReturn.OK
        pad.add_probe(Gst.PadProbeType.BUFFER, lambda *_: drop if self.frozen else passes)

    def obey(self) -> None:
        """Freeze and thaw as told on standard input, until it ends."""
        for line in sys.stdin:
            command = line.strip()
            if command == "quit":
                break
            self.frozen = command == "freeze"
            print(command, flush=True)
        self.loop.quit()


def main() -> None:
    """Serve until told to quit."""
    Gst.init(None)
    camera = Camera(sys.argv[1])
    print("ready", flush=True)
    threading.Thread(target=camera.obey, daemon=True).start()
    camera.loop.run()


if __name__ == "__main__":
    main()
