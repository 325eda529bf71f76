"""The base of every error whose text was written for people: a sentence naming the thing and the next step.

The command line and the notebook runner print such an error without a traceback; any other exception is a bug.
"""


class FabeyeError(Exception):
    """Something a user can mend; the text says what and how."""
