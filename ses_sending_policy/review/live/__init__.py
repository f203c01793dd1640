"""Live accounts: what SES holds there, beside what is declared."""
