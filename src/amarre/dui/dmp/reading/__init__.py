"""Reading a DMP: the professional's own door, what it opens, what must be true before."""
