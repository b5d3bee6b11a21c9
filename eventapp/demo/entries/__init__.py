"""The other ways into the coming edition: a group, an application, an invitation, a code; and what guests are asked."""
