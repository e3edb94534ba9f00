"""Commands that play sound, and the keys that steer it."""
