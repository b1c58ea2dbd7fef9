"""The card that a helper gives to a person: one lieu, on paper, as a picture, by SMS, in an address book."""
