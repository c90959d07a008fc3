"""Deliveries in the forms of other systems: their files turned into riskmill's own datasets."""
