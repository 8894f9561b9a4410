"""Commands about what members are given and pay: press passes, plans, payments."""
