"""A council's folder from nothing: official files read, settings and empty templates written."""
