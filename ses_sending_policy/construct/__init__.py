"""The CDK side: the construct `SendingPolicy`, its provider function, and the asset with that function's code."""
