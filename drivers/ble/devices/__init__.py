"""One product (or one open format that many makers speak) a file; `drivers.ble.products` lists them."""
