"""Which figures would tell about a few people, and what is hidden so that none can be found."""
