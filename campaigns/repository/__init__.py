"""The database of campaigns, a file for each thing that is asked of it."""
