"""What SES and CloudFormation ask for, on the standard library alone: these rules do not know who is asking."""
