"""Real servers for the suite: each a context manager that starts on free loopback ports and ends with the run."""
