"""All SQL about reading mail, one file per question that is asked."""
