"""Report cards: what the numbers say, on pages to read, to project and to put together."""
