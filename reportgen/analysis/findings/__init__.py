"""What analysis says: frozen values that files hold and reports read."""
