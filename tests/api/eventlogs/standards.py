"""The structure that the standards ask of logs, in our own words: XES (IEEE 1849-2016) and OCEL 2.0 in JSON."""

from typing import Any, Final

from lxml import etree

_VALUES: Final = {
    "string": "xs:string",
    "date": "xs:dateTime",
    "int": "xs:long",
    "float": "xs:double",
    "boolean": "xs:boolean",
    "id": "xs:string",
}
_ATTRIBUTES: Final = "".join(
    f'<xs:element name="{name}"><xs:complexType><xs:attribute name="key" type="xs:Name" use="required"/>'
    f'<xs:attribute name="value" type="{kind}" use="required"/></xs:complexType></xs:element>'
    for name, kind in _VALUES.items()
)
_NAMED: Final = "".join(
    f'<xs:complexType name="{name}">'
    + "".join(f'<xs:attribute name="{key}" type="{kind}" use="required"/>' for key, kind in keys.items())
    + "</xs:complexType>"
    for name, keys in {
        "Extension": {"name": "xs:NCName", "prefix": "xs:NCName", "uri": "xs:anyURI"},
        "Classifier": {"name": "xs:NCName", "keys": "xs:token"},
    }.items()
)
_MANY: Final = 'minOccurs="0" maxOccurs="unbounded"'
XES_SCHEMA: Final = etree.XMLSchema(
    etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.xes-standard.org/" '
        'targetNamespace="http://www.xes-standard.org/" elementFormDefault="qualified">'
        f'<xs:group name="Attributes"><xs:choice>{_ATTRIBUTES}</xs:choice></xs:group>{_NAMED}'
        f'<xs:complexType name="Event"><xs:sequence><xs:group ref="Attributes" {_MANY}/></xs:sequence></xs:complexType>'
        f'<xs:complexType name="Global"><xs:sequence><xs:group ref="Attributes" {_MANY}/></xs:sequence>'
        '<xs:attribute name="scope" type="xs:NCName"/></xs:complexType>'
        f'<xs:complexType name="Trace"><xs:sequence><xs:group ref="Attributes" {_MANY}/>'
        f'<xs:element name="event" type="Event" {_MANY}/></xs:sequence></xs:complexType>'
        '<xs:element name="log"><xs:complexType><xs:sequence>'
        f'<xs:element name="extension" type="Extension" {_MANY}/><xs:element name="global" type="Global" {_MANY}/>'
        f'<xs:element name="classifier" type="Classifier" {_MANY}/><xs:group ref="Attributes" {_MANY}/>'
        f'<xs:element name="trace" type="Trace" {_MANY}/><xs:element name="event" type="Event" {_MANY}/></xs:sequence>'
        '<xs:attribute name="xes.version" type="xs:decimal" use="required"/>'
        '<xs:attribute name="xes.features" type="xs:token"/></xs:complexType></xs:element></xs:schema>'
    )
)


def _object(required: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | (more or {})}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT: Final = {"type": "string"}
_TIME: Final = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_TYPE: Final = _object({"name": _TEXT, "attributes": _list(_object({"name": _TEXT, "type": _TEXT}))})
_RELATIONS: Final = _list(_object({"objectId": _TEXT, "qualifier": _TEXT}))
OCEL_SCHEMA: Final = _object(
    {
        "eventTypes": _list(_TYPE),
        "objectTypes": _list(_TYPE),
        "events": _list(
            _object(
                {"id": _TEXT, "type": _TEXT, "time": _TIME},
                {"attributes": _list(_object({"name": _TEXT, "value": _TEXT})), "relationships": _RELATIONS},
            )
        ),
        "objects": _list(
            _object(
                {"id": _TEXT, "type": _TEXT},
                {
                    "attributes": _list(_object({"name": _TEXT, "value": _TEXT, "time": _TIME})),
                    "relationships": _RELATIONS,
                },
            )
        ),
    }
)
