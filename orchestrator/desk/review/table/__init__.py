"""Use cases of the table of a review: written to a file, and carried out from one, all or nothing."""
