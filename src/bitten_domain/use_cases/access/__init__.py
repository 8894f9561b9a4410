"""Uses of access: who may do what now, and how ranks, statuses and tiers are given."""
