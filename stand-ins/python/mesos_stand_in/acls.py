"""Who may do what: the flag acls (include/mesos/authorizer/acls.proto; src/authorizer/local/authorizer.cpp of 1.9)."""

import json

from mesos_stand_in.flags import FlagError

# Actions by their object.
_OBJECTS = {
    "roles": "register_frameworks reserve_resources create_volumes resize_volumes get_quotas update_quotas view_roles update_weights"
             " create_block_disks destroy_block_disks create_mount_disks destroy_mount_disks destroy_raw_disks",
    "users": "run_tasks view_frameworks view_tasks view_executors access_sandboxes launch_nested_containers_as_user"
             " launch_nested_containers_under_parent_with_user kill_nested_containers wait_nested_containers"
             " launch_nested_container_sessions_as_user launch_nested_container_sessions_under_parent_with_user"
             " attach_containers_input attach_containers_output view_containers remove_nested_containers launch_standalone_containers"
             " kill_standalone_containers wait_standalone_containers remove_standalone_containers view_standalone_containers",
    "framework_principals": "teardown_frameworks",
    "reserver_principals": "unreserve_resources",
    "creator_principals": "destroy_volumes",
    "paths": "get_endpoints",
    "logs": "access_mesos_logs",
    "flags": "view_flags",
    "level": "set_log_level",
    "agents": "register_agents drain_agents deactivate_agents reactivate_agents mark_agents_gone",
    "machines": "update_maintenance_schedules get_maintenance_schedules start_maintenances stop_maintenances get_maintenance_statuses",
    "resource_providers": "modify_resource_provider_configs mark_resource_providers_gone view_resource_providers",
    "images": "prune_images",
}
OBJECT_OF = {action: key for key, actions in _OBJECTS.items() for action in actions.split()}


def _entity(value, where):
    if not isinstance(value, dict) or set(value) - {"type", "values"} or value.get("type", "SOME") not in ("SOME", "ANY", "NONE"):
        raise FlagError(f"Failed to load flag 'acls': Failed to load value: Not expecting {json.dumps(value)} in '{where}'")
    if not isinstance(value.get("values", []), list) or not all(isinstance(one, str) for one in value.get("values", [])):
        raise FlagError(f"Failed to load flag 'acls': Failed to load value: Not expecting {json.dumps(value)} in '{where}'")


def load(flags):
    """The ACLs of the flag (JSON, or a path), or None.

    Raises FlagError, also for an unknown action: here it is not skipped silently, as by stout's protobuf parser.
    """
    text = flags["acls"]
    if not text:
        return None
    try:
        if text.startswith("/"):
            with open(text, encoding="utf-8") as file:
                text = file.read()
        found = json.loads(text)
        entries = [(action, entry) for action, listed in found.items() if action != "permissive" for entry in listed]
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        raise FlagError(f"Failed to load flag 'acls': Failed to load value '{flags['acls']}': {problem}") from None
    for action, entry in entries:
        key = OBJECT_OF.get(action)
        if key is None or not isinstance(entry, dict) or set(entry) != {"principals", key}:
            raise FlagError(f"Failed to load flag 'acls': Failed to load value: Missing required fields in '{action}'")
        _entity(entry["principals"], action)
        _entity(entry[key], action)
    return found


def _matches(entity, name):
    kind = entity.get("type", "SOME")
    if kind == "NONE":
        return True
    return kind == "ANY" or (name is not None and name in entity.get("values", []))


def authorized(acls, action, principal, subject):
    """The first entry that matches decides, otherwise permissive. None means any principal and any subject."""
    for entry in (acls or {}).get(action, []):
        principals, objects = entry["principals"], entry[OBJECT_OF[action]]
        if _matches(principals, principal) and _matches(objects, subject):
            return "NONE" not in (principals.get("type"), objects.get("type"))
    return (acls or {}).get("permissive", True)
