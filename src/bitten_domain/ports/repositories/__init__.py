"""Repositories: the store's tables in domain words. All are synchronous and used inside a `UnitOfWork` only.

Moments are seconds since 1970 UTC. Reading something that is not there gives None or nothing, never an exception;
adding what is there already, under the same key, is `Conflict` unless its method says otherwise. What is read equals
what was stored, to the last digit, but for rows of a scan, which come back as -1; volumes, booked amounts and prices of
a known pair come back written as the domain writes them (0.10 lots, 0.00 USD, 1.10000), since a journal holds their
digits.

What belongs to an account, an intent, an attempt or a signal is kept only once that is there; `BrokenInvariant`
otherwise.

Lists by id or name are in the order of code points, whatever the database's language. Lists by age: of one moment, what
was added first is the oldest.
"""
