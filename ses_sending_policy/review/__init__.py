"""What a reviewer is told of assemblies, templates and, by `live` and `probe` alone, of an account: without the CDK."""
