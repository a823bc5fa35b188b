"""Nightlamp: the edge agent that hears, sees, alerts, keeps and syncs for one nursing home."""
