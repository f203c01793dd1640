"""What a user would reach for without us."""
