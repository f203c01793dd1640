"""What a template declares, intrinsic functions and all: for who looks at it before a deploy, never in the Lambda."""
