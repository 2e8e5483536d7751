"""The page that a claim link opens: one session, to look at in a browser."""
