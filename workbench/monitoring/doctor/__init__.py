"""What this machine has of what the workbench uses, what would make it better, and what it takes part in."""
