"""The log: one ordered, hashed, tagged record of every decision.

``store`` is the door: a ``Log`` is created, opened, read by ``query``, appended to with ``draft``, brought into
``views``, and proved by ``verify``.  What lies behind it, from the outside in: ``reader`` and ``writer`` (who waits at
the ``turnstile``), ``append`` (one transaction, step by step), ``codec`` and ``upcast`` (events and their stored
text), ``find`` (the tag index), ``seal`` (the hash), ``schema`` (tables, guards, statements), ``connection`` (SQLite).
``refusals`` is everything the log says no to.
"""
