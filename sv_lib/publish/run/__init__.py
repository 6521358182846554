"""One run: plan, workers, notebooks, and the run folder that is moved into place when it is
whole.
"""
