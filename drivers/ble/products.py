"""Every supported product: one line each, by the name that devices.toml uses.

The next one: write `devices/<product>.py` with its codec and its row, add the line here, and give it a capture and a
test under tests/drivers/ble/devices/.
"""

from types import MappingProxyType

from drivers.ble.devices.bthome import BTHOME
from drivers.ble.devices.heart_rate import HEART_RATE
from drivers.ble.devices.pulse_oximeter import PULSE_OXIMETER
from drivers.ble.product import Product

PRODUCTS: MappingProxyType[str, Product] = MappingProxyType(
    {
        "bthome": BTHOME,
        "heart_rate": HEART_RATE,
        "pulse_oximeter": PULSE_OXIMETER,
    }
)
