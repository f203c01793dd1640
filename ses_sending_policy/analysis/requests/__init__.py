"""A model of the requests that SES may get, and a search for a request that a policy allows."""
