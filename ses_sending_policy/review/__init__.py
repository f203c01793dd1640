"""What a reviewer is told of assemblies, templates and, by `live` alone, of an account: without the CDK."""
