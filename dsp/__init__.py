"""Audio processing: functions over arrays and streams of blocks; of the domain it uses recipes alone."""
