"""Carries the wire: the only place that knows aiohttp's client."""
