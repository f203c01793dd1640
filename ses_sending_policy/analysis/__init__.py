"""What a reviewer is told of declared policies: read from templates, compared, judged; never in the Lambda."""
