"""The operator calls GET_QUOTA and UPDATE_QUOTA of the leading master (docs/operator-http-api.md of 1.9). The quotas
are stored in ZooKeeper, like the registry of agents."""

import json

from kazoo.exceptions import NodeExistsError

from mesos_stand_in import acls
from stand_in.http_server import HttpError, Reply


class Quotas:
    """client: a KazooClient; path: that of the cluster's znodes, such as /mesos."""

    def __init__(self, client, path):
        self._client = client
        self._path = path + "/stand-in-quotas"

    def all(self):
        """{role: {name: amount}}."""
        return json.loads(self._client.get(self._path)[0]) if self._client.exists(self._path) else {}

    def update(self, changes):
        """Stores limits of roles; empty limits remove the quota."""
        found = {role: limits for role, limits in {**self.all(), **changes}.items() if limits}
        data = json.dumps(found, sort_keys=True).encode()
        try:
            self._client.create(self._path, data, makepath=True)
        except NodeExistsError:
            self._client.set(self._path, data)


class LocalQuotas:
    """The quotas of a master without ZooKeeper, kept until it exits."""

    def __init__(self):
        self._all = {}

    def all(self):
        """{role: {name: amount}}."""
        return dict(self._all)

    def update(self, changes):
        """Stores limits of roles; empty limits remove the quota."""
        self._all = {role: limits for role, limits in {**self._all, **changes}.items() if limits}


def _limits(config):
    role, limits = config.get("role"), config.get("limits", {})
    # src/common/roles.cpp, validate; src/master/quota.cpp.
    parts = role.split("/") if isinstance(role, str) else [""]
    if role == "*" or any(part in ("", ".", "..") or part.startswith("-") or set(part) & set(" \t\n\\*") for part in parts):
        raise HttpError(400, f"Failed to validate UPDATE_QUOTA call: Invalid QuotaConfig: Invalid role '{role}'")
    amounts = {name: one.get("value") if isinstance(one, dict) else None for name, one in limits.items()}
    for name, amount in amounts.items():
        if isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount < 0:
            raise HttpError(400, f"Failed to validate UPDATE_QUOTA call: Invalid QuotaConfig: Invalid limit for '{name}'")
    return role, amounts


def call(quotas, rules, request):
    """POST /api/v1 at the leader. Raises HttpError."""
    body = request.body if isinstance(request.body, dict) else {}
    principal = getattr(request, "principal", None)
    if body.get("type") == "GET_QUOTA":
        seen = {role: limits for role, limits in quotas.all().items() if acls.authorized(rules, "get_quotas", principal, role)}
        configs = [{"role": role, "limits": {name: {"value": amount} for name, amount in limits.items()}} for role, limits in sorted(seen.items())]
        return Reply({"type": "GET_QUOTA", "get_quota": {"status": {"configs": configs}}})
    if body.get("type") != "UPDATE_QUOTA":
        raise HttpError(501, f"The stand-in does not know the call {body.get('type')}")
    changes = dict(_limits(config) for config in body.get("update_quota", {}).get("quota_configs", []))
    for role in changes:
        if not acls.authorized(rules, "update_quotas", principal, role):
            return Reply("403 Forbidden.", 403)
    quotas.update(changes)
    return Reply("")
