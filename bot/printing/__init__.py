"""What all that is printed shares: letters, French blanks, square codes, pages."""
