"""Why an action did not come about, in words for the person who asked for it."""

GONE = "It was moved or deleted on the mail server meanwhile, and that counts."
CHANGED = "It was changed on the mail server later, and that counts."
NOT_KEPT = "The mail server does not keep this mark in that folder."
STAYED = "The mail server did not move it."
NOT_REMOVED = "The mail server did not delete it."
NO_FOLDER = "The folder it was to go to is not there any more."
UNKNOWN = "The mail server refuses this and does not say why: try it in the provider's own mail page."
