"""Does it matter: pure rules from readings and observations to findings. No clock, no loop, no disk."""
