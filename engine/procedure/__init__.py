"""A procedure as data: its steps, their attributes and evidence, its determinations and gates."""

from engine.procedure.procedure import DECIDED, Attribute, AttributeType, Procedure, Step

__all__ = ["DECIDED", "Attribute", "AttributeType", "Procedure", "Step"]
