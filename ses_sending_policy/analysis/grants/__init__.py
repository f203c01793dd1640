"""What a policy grants, in plain sentences, and what a change of policies changes."""
