"""Bytes to text, when the label may lie."""
