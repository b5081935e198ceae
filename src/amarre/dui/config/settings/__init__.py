"""Settings: `base` knows no secret; `demo`, `test` and `production` complete it."""
