"""Agreements: what organisations sign together, and what thereby may be shown."""
