"""The terminal's face: `nemovideo make`, `chat`, `export` and the other commands."""
