"""Shows the results of a run: on a terminal, as TAP, JUnit, JSON, and as one page of HTML."""
