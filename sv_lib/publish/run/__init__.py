"""One run: plan, workers, notebooks, and the run folder, moved into place when it is whole."""
