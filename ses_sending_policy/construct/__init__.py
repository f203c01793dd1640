"""The construct, its provider function and that function's asset: what the CDK needs to know, and nothing else."""
