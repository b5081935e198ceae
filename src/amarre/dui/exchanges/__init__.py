"""What leaves the house: the outbox, its worker, and the page « Envois »."""
