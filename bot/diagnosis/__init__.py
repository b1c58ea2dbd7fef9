"""What an operator must mend before the service works, found by trying it."""
