"""The commands that read from an AWS account: what SES holds there, compared with what is declared."""
