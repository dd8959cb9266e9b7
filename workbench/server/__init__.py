"""The server: the page behind a sign-in, on this computer alone unless asked otherwise."""
