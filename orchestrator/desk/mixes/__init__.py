"""Use cases of mixes: draft, revise, compare and approve, with impulses and plug-ins."""
