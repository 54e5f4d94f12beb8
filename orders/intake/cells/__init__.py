"""What a cell of a file says: text, number, money, date, phone, ZIP, state, country. Pure."""
