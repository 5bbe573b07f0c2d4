"""All SQL of intake: a fixed number of statements a batch, whatever its size. Steps never come here by themselves."""
