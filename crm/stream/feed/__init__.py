"""The feed: what colleagues tell each other, and the comments under it, under tasks and under entries of a timeline."""
