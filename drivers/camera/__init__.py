"""Cameras: files, RTSP, MJPEG over HTTP and V4L2 become frames in memory, the newest wins."""
