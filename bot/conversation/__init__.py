"""One turn of a conversation: a message and a tracker in, a tracker and messages out; and the same, durably."""
