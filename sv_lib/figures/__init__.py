"""Named numbers that know their rows: the ledger of all of them, and the trace back."""
