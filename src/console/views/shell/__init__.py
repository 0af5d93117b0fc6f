"""The frame around the screens: header, navigation, status line, and who is wired to what."""
