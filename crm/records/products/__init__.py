"""What is sold: a catalogue of products, and the lines of deals, whose sum is the deal's amount.

A deal without lines has the amount that somebody wrote. The first line makes the amount the sum of the lines, and from then
on it changes with them only; the last one taken away leaves the amount as it stood, to be written again.
"""
