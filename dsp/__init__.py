"""Sound: functions over arrays and streams of blocks; of the domain it knows recipes alone."""
