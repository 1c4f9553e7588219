"""What the server does by itself: judging anew as days pass, reminding, sending. One process at a time does each."""
