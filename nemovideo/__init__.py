"""Photos into videos by talking."""
