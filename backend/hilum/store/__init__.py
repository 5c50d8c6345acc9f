"""Storage: received objects, their readings, and outgoing results, all crash-safe."""
