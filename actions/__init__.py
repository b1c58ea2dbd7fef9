"""What the flows may do: one thin rasa_sdk action over the knowledge each."""
