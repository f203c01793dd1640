"""The Lambda function behind `Custom::SendingPolicy`."""
