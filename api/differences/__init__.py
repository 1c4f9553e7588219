"""What if: how two rulebooks differ, and which verdicts on the records of a source change with them."""
