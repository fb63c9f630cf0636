// The client comes with its own change.
