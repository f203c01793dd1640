"""What a policy gives, in a person's words: for whoever reviews it, never in the Lambda."""
