"""Waivers: a named person answers for a violation until a day. No verdict and no gate changes by one."""
