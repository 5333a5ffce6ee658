"""Shows alerts: the same facts as Slack blocks and as plain text.

Alert → shown.py (what to show: clean, masked, bounded) → slack.py or text.py (how)
"""
