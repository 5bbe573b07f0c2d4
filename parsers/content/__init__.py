"""From parts to what a person sees: one text, one HTML, the files, and how they were sealed."""
