"""What is kept of chats: conversations, comparisons to show, votes, and better answers to learn from. No torch."""
