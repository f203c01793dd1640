"""What a reviewer is told of a cloud assembly, or of templates: offline, without Node and without the CDK."""
