"""Bluetooth Low Energy: wearables that are connected to (GATT), and sensors that only advertise."""
