#!/usr/bin/env python3
"""Makes the table of facts of the CloudFront API from a service description.

Run by hand: make-facts.py SERVICE.json > ../main/resources/warmfront/control/api/wire/facts.txt

The service description is botocore's `cloudfront/2020-05-31/service-2.json`. The table has the
operations, the errors with their statuses, and the shapes that requests are made of:

    operation NAME METHOD URI STATUS ROOT ERROR,ERROR...   ROOT is the body's element, - for none
    error CODE STATUS
    structure NAME MEMBER:SHAPE MEMBER:SHAPE!...           ! marks a required member
    list NAME SHAPE [min=N] [max=N]
    simple NAME TYPE [enum=A,B] [min=N] [max=N] [pattern=REGEX]   a pattern ends its line
"""
import json
import sys


# Errors of the service's front door and of its prose, which the description leaves out.
UNDESCRIBED = {
    "IncompleteSignature": 400,
    "InternalError": 500,
    "InvalidationBatchAlreadyExists": 409,
    "InvalidClientTokenId": 403,
    "MalformedInput": 400,
    "MalformedXML": 400,
    "MissingAuthenticationToken": 403,
    "NotImplemented": 501,
    "RequestEntityTooLarge": 413,
    "RequestExpired": 403,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "UnknownOperationException": 404,
}


def main(path):
    with open(path, encoding="utf-8") as source:
        api = json.load(source)
    shapes = api["shapes"]
    print("# Facts of CloudFront's API 2020-05-31; made by control/src/facts/make-facts.py")
    reached = {}
    for name, operation in sorted(api["operations"].items()):
        print(line_of(name, operation, shapes))
        if "input" in operation:
            reach(operation["input"]["shape"], shapes, reached, name + "Request")
    errors = {n: s["error"]["httpStatusCode"] for n, s in shapes.items() if "error" in s}
    for name, status in sorted({**errors, **UNDESCRIBED}.items()):
        print("error", name, status)
    for name in sorted(reached.values()):
        shape = next(s for s in reached if reached[s] == name)
        print_shape(name, shapes[shape], shapes)


def line_of(name, operation, shapes):
    http = operation["http"]
    given = operation.get("input", {})
    members = shapes.get(given.get("shape"), {})
    payload = members.get("payload")
    if payload:
        root = members["members"][payload].get("locationName", payload)
    else:
        root = given.get("locationName", "-")
    errors = ",".join(sorted(e["shape"] for e in operation.get("errors", []))) or "-"
    status = str(http.get("responseCode", 200))
    return " ".join(["operation", name, http["method"], http["requestUri"], status, root, errors])


def constraints(shape):
    found = []
    if "enum" in shape:
        found.append("enum=" + ",".join(shape["enum"]))
    for key in ("min", "max"):
        if key in shape:
            found.append("%s=%s" % (key, ("%g" % shape[key]) if shape[key] < 1e6 else shape[key]))
    if "pattern" in shape:
        found.append("pattern=" + shape["pattern"])
    return found


def plain(name, shapes):
    """A simple shape without constraints is called by its type."""
    shape = shapes[name]
    simple = shape["type"] not in ("structure", "list") and not constraints(shape)
    return shape["type"] if simple else name


def reach(name, shapes, reached, called=None):
    if name in reached or plain(name, shapes) in ("string", "integer", "long", "boolean", "float",
                                                  "double", "timestamp", "blob"):
        return
    reached[name] = called or name
    shape = shapes[name]
    if shape["type"] == "structure":
        for member in shape["members"].values():
            reach(member["shape"], shapes, reached)
    elif shape["type"] == "list":
        reach(shape["member"]["shape"], shapes, reached)


def print_shape(name, shape, shapes):
    if shape["type"] == "structure":
        required = shape.get("required", [])
        members = [
            "%s:%s%s" % (m, plain(s["shape"], shapes), "!" if m in required else "")
            for m, s in shape["members"].items()
        ]
        print(" ".join(["structure", name] + members))
    elif shape["type"] == "list":
        print(" ".join(["list", name, plain(shape["member"]["shape"], shapes)] + constraints(shape)))
    else:
        print(" ".join(["simple", name, shape["type"]] + constraints(shape)))


if __name__ == "__main__":
    main(sys.argv[1])
