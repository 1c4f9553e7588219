"""A procedure as data: its steps, their attributes and evidence, its determinations and gates."""

from engine.procedure.procedure import Attribute, AttributeType, Procedure, Step

__all__ = ["Attribute", "AttributeType", "Procedure", "Step"]
