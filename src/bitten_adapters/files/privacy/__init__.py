"""Files of privacy: exports that wait, the list of those erased, and archives."""
