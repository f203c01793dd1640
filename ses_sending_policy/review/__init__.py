"""The review of sending policies in assemblies and templates, and in `live` also of an account. Needs no CDK."""
