"""The log: one ordered, hash-chained, tagged record of every decision.

``store.Log`` is the interface: created or opened, read by ``query``, appended to with the ``Draft`` and ``Condition``
of ``append_condition``.  Its modules, from the outside in: ``reader``; ``append`` (one transaction, step by step);
``codec`` and ``upcast`` (events and their stored text); ``tag_query`` (the tag index); ``hash_chain``.  ``database`` is
the interface that ``sqlite`` and ``postgres`` implement, each with its own tables.  ``proof`` holds ``verify``,
checkpoints, signatures and the export for outsiders; ``backup`` copies one state, ``move`` moves the log elsewhere.
``refusals`` are the errors of all of these.

``migrations`` change a store's tables from release to release.  Beside the log, outside its proof, lie
``subscriptions`` with their outbox, and ``contacts`` (personal data that can be erased).
"""
