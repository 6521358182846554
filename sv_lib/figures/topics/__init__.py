"""One module a topic of the reports; each adds its figures to the trail."""
