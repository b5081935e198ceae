"""One module per command; each offers `add_parser(subparsers)`."""
