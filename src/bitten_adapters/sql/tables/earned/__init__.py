"""What people earn by keeping to the rules, and what they learn."""
