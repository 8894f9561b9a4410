"""Uses of members: press passes, subscriptions, what gateways tell, and the tier that follows from it."""
