"""What several specifications share."""
