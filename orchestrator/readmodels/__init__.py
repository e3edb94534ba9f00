"""Read models: tables derived from the log, which answer readers at once and are rebuilt whenever in doubt."""
