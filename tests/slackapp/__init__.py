"""What people do in Slack, from the click to the edited message."""
