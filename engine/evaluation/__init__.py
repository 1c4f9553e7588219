"""From a case table to verdicts, findings, status and receipt."""
