"""What figures of every kind are made of: style, sheets, dates, bands, maps, words."""
