"""Files that want to harm, made here from nothing: the same bytes each time."""
