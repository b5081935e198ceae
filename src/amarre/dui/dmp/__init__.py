"""The DMP seen from the record: what may leave, deposits, reading, rights of the person."""
