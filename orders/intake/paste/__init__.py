"""Orders out of any pasted text. Pure: `reading.read_paste` is the only entry."""
