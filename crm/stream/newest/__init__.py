"""Which entries a page of the stream shows."""
