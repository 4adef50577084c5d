"""What a person does about it: status, failures, retry, verify."""
