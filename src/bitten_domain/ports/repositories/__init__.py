"""Repositories: the store's tables in domain words. All are synchronous and used inside a `UnitOfWork` only.

Moments are seconds since 1970 UTC. Reading something that is not there gives None or nothing, never an exception;
adding what is there already, under the same key, is `Conflict` unless its method says otherwise.
"""
