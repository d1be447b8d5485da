"""uvspec: what libuv is, in data, and the tools that turn it into tests."""

__version__ = "0.1.0"
