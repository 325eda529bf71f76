"""Pictures of a laboratory: fail bitmaps, wafer maps, micrographs; each comes with what it shows in numbers."""
