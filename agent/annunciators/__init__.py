"""How staff are told: buzzer, lamps, heartbeat."""
