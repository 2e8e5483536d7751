"""The terminal's face: `nemovideo make`, `chat`, `upload`, `export`, `credits`, `state`, `open`, `serve`."""
