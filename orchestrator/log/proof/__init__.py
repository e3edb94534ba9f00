"""The proof of a log: hash chain, head, guards, tag index, checkpoints, signatures and receipts."""
