"""The conversations of a record: what its timeline tells mail by mail, said once for each."""
