"""The checks of deploy/check that need more than a command.

check.py operator CRDS FILE       kinds of the Prometheus operator in FILE fit its definitions
check.py variables FILE FILE      two renderings have the same variables in their ConfigMap
check.py deployments FILE FILE    two renderings have the same Deployment, names and labels apart
check.py promql                   every query of the rules and dashboards can be parsed
"""

import json
import pathlib
import sys

import yaml


def documents(path):
    return [one for one in yaml.safe_load_all(pathlib.Path(path).read_text()) if one]


def only(path, kind):
    found = [one for one in documents(path) if one["kind"] == kind]
    if len(found) != 1:
        sys.exit(f"{path} has {len(found)} of kind {kind}, expected 1")
    return found[0]


def closed(schema):
    """As the API server prunes them, unknown fields are mistakes."""
    if isinstance(schema, dict):
        result = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            result.setdefault("additionalProperties", False)
        if schema.get("x-kubernetes-int-or-string"):
            result.pop("type", None)
        return result
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    return schema


def operator(crds, path):
    import jsonschema

    problems, checked = [], 0
    for one in documents(path):
        group, _, version = one["apiVersion"].partition("/")
        if group != "monitoring.coreos.com":
            continue
        crd = documents(f"{crds}/{group}_{one['kind'].lower()}s.yaml")[0]
        schema = next(
            closed(each["schema"]["openAPIV3Schema"])
            for each in crd["spec"]["versions"]
            if each["name"] == version
        )
        schema["properties"]["metadata"] = {"type": "object"}
        checked += 1
        for error in jsonschema.Draft202012Validator(schema).iter_errors(one):
            where = "/".join(str(step) for step in error.absolute_path)
            problems.append(f"{one['kind']} {where}: {error.message}")
    if not checked:
        problems.append(f"{path} has nothing of the operator's")
    return problems


def differences(left, right, where=""):
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(set(left) | set(right)):
            yield from differences(left.get(key), right.get(key), f"{where}/{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right)):
            yield from differences(one, other, f"{where}/{index}")
    elif left != right:
        yield f"{where}: {left!r} and {right!r}"


def variables(left, right):
    first, second = only(left, "ConfigMap")["data"], only(right, "ConfigMap")["data"]
    return list(differences(first, second)) or ([] if len(first) > 20 else ["too few variables"])


def deployments(left, right):
    def comparable(path):
        spec = only(path, "Deployment")["spec"]
        pod = spec["template"]["spec"]
        container = pod["containers"][0]
        # The Secret is optional where Kustomize cannot know whether there is one.
        for name in ("image", "envFrom"):
            container.pop(name)
        pod.pop("serviceAccountName")
        for constraint in pod["topologySpreadConstraints"]:
            constraint.pop("labelSelector")
        spec.pop("selector")
        spec["template"].pop("metadata")
        return spec

    return list(differences(comparable(left), comparable(right)))


def promql():
    import promql_parser

    queries = []
    for group in documents("deploy/prometheus/alerts.yaml")[0]["groups"]:
        queries += [(rule["alert"], rule["expr"]) for rule in group["rules"]]
    for file in sorted(pathlib.Path("deploy/grafana/dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            queries += [(panel["title"], one["expr"]) for one in panel.get("targets", [])]
    problems = []
    for name, query in queries:
        try:
            promql_parser.parse(query.replace("$__rate_interval", "1m"))
        except ValueError as problem:
            problems.append(f"{name}: {query}: {problem}")
    if len(queries) < 40:
        problems.append(f"only {len(queries)} queries found")
    return problems


if __name__ == "__main__":
    commands = {one.__name__: one for one in (operator, variables, deployments, promql)}
    found = commands[sys.argv[1]](*sys.argv[2:])
    print("\n".join(found))
    sys.exit(1 if found else 0)
