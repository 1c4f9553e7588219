"""What is told to those who want it: an outbox that changes go into, webhooks, mail, and calendars of due days."""
