"""Tables of what AWS has: actions, metrics, service principals; each names its source."""
