"""Writing of the trace: `record`, `record_reading`, `record_refusal`; sealing and verification."""
