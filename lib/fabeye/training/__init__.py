"""Training stages and the encoders' evaluation. Only this package knows Composer."""
