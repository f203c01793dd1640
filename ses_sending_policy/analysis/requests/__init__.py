"""What a policy allows: one model of the requests that SES may get."""
