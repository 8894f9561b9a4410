"""What keeps the platform going: messages, the record's anchors, checks of the whole."""
