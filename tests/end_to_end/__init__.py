"""The whole monitor, as a process of its own, against publishers and a Slack that misbehave."""
