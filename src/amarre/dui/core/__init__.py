"""What every app leans on: base model, actor, clock, paging, request context. No social-care word here."""
