"""Documents to write: templates, drafts, text blocks, letterhead; a validated draft becomes a document."""
