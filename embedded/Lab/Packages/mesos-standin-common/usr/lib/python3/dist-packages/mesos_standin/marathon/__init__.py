"""The stand-in for Marathon, with the start-up rules of versions up to 1.4."""
