"""The mark of definitions made through this dialect; others are not visible here."""

ORIGIN = "bloomreach"
