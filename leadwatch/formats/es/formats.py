"""Numbers as in New Haven, in Spanish too: $75,000 and 12.5%. Django's are those of Spain."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
