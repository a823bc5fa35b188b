"""All that can reach the rules."""

from agent.detection.acts import Act
from agent.detection.observations import Observation
from drivers.base import Link
from drivers.reading import Reading

Event = Reading | Observation | Link | Act
DeviceEvent = Reading | Observation | Link
