"""The configuration that Hydra composes: this file makes it findable once installed."""
