"""What runs inside the process of the embedded AWS, under its own interpreter: no riskmill here."""
