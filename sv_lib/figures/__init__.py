"""Named numbers that know their rows: the trail of all of them, and the trace back."""
