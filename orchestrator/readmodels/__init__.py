"""Read models: tables derived from the log, by which readers are quick; they are rebuilt if in doubt."""
