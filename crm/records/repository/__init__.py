"""All SQL about records. Reading for people takes a `Viewer`; what a use case writes takes plain values."""
