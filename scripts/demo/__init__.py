"""Makes the synthetic council behind the embedded default: the same bytes on every machine."""
