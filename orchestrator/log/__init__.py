"""The log: one ordered, hashed, tagged record of every decision.

``store`` is the door: a ``Log`` is created, opened, read by ``query``, appended to with ``draft``, brought into
``views``, and proved by ``verify``.  What lies behind it, from the outside in: ``reader``, ``append`` (one transaction,
step by step), ``codec`` and ``upcast`` (events and their stored text), ``find`` (the tag index), ``seal`` (the hash),
``schema`` (columns and statements).  ``database`` is what all of these ask of the database; ``sqlite`` and ``postgres``
answer.  ``proof`` and ``tag_index`` are the checks of ``verify``, and ``witness`` asks the ``checkpoint``s, which
``signing`` signs.  ``export`` is the log for strangers, ``backup`` a copy of one moment, ``moving`` takes it elsewhere.
``refusals`` is everything the log says no to.

``migrations`` change a store's tables from release to release.  Beside the log, outside its proof, lie ``subscription``
(the outbox) and ``contacts`` (what the law may have erased).
"""
