"""What a reviewer is shown of the policies that templates declare: never in the Lambda, and without the CDK."""
