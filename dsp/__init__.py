"""Audio processing: functions over arrays and streams of blocks, which import only the recipes of the domain."""
