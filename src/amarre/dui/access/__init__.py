"""Who may do what: permissions, roles, the policy, and the actor behind a request."""
