"""What arranging conversations by hand changes: threads and cuts, words about their records, entries of their mail."""
