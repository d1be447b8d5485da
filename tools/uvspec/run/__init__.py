"""Runs the conformance suite against a library and judges what came of it."""
