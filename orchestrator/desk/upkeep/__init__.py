"""Use cases of upkeep: backup, restore, move, verify, doctor, mirror and clocks."""
