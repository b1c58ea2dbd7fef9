"""How each channel carries a message: what fits, and the text as it is sent."""
