"""The rules of SES, IAM and CloudFormation, on the standard library alone, as construct, function and review share."""
