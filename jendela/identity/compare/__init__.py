"""What two mentions have in common, graded field by field; the one frame that both tiers judge."""
