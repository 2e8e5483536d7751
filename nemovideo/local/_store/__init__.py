"""What the embedded backend remembers, written through to its data folder."""
