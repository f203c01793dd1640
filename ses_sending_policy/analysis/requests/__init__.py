"""A model of the requests that SES may get, and a search for one that a policy allows."""
