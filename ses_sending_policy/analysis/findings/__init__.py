"""What a reviewer should look at in declared policies: at synth and in a review, never in the Lambda."""
