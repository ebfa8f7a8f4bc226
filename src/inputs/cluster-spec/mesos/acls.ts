import type { Fault } from './scalars.ts';

/**
 * Actions by their object (include/mesos/authorizer/acls.proto of Mesos 1.9, message ACLs). Every action also has
 * principals.
 */
const objects: Readonly<Record<string, string>> = {
  roles: `register_frameworks reserve_resources create_volumes resize_volumes get_quotas update_quotas view_roles
    update_weights create_block_disks destroy_block_disks create_mount_disks destroy_mount_disks destroy_raw_disks`,
  users: `run_tasks view_frameworks view_tasks view_executors access_sandboxes launch_nested_containers_as_user
    launch_nested_containers_under_parent_with_user kill_nested_containers wait_nested_containers
    launch_nested_container_sessions_as_user launch_nested_container_sessions_under_parent_with_user
    attach_containers_input attach_containers_output view_containers remove_nested_containers
    launch_standalone_containers kill_standalone_containers wait_standalone_containers remove_standalone_containers
    view_standalone_containers`,
  framework_principals: 'teardown_frameworks',
  reserver_principals: 'unreserve_resources',
  creator_principals: 'destroy_volumes',
  paths: 'get_endpoints',
  logs: 'access_mesos_logs',
  flags: 'view_flags',
  level: 'set_log_level',
  agents: 'register_agents drain_agents deactivate_agents reactivate_agents mark_agents_gone',
  machines: `update_maintenance_schedules get_maintenance_schedules start_maintenances stop_maintenances
    get_maintenance_statuses`,
  resource_providers: `modify_resource_provider_configs mark_resource_providers_gone view_resource_providers`,
  images: 'prune_images',
};

/** Objects that cannot be listed by name: only ANY and NONE have a meaning (docs/authorization.md). */
const implicit = new Set(['logs', 'flags', 'level', 'agents', 'machines', 'resource_providers', 'images']);

/** Maps the name of each action to the name of its object. */
export const aclActions: ReadonlyMap<string, string> = new Map(
  Object.entries(objects).flatMap(([object, names]) =>
    names.split(/\s+/).map((name) => [name, object] as const),
  ),
);

// Mesos 1.9 and later know all of these actions: DRAIN_AGENT and similar ones were added in 1.9.
const entityForm = '{ type: ANY }, { type: NONE }, or { values: [NAME, …] }';

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function entityFault(value: unknown, onlyTypes: boolean): string | undefined {
  const entity = record(value);
  if (entity === undefined) return 'is missing, or is not a map';
  const { type = 'SOME', values, ...others } = entity;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `has the unknown key ${unknown}`;
  if (type !== 'ANY' && type !== 'NONE' && type !== 'SOME') return `has the type ${JSON.stringify(type)}`;
  if (type !== 'SOME') return values === undefined ? undefined : `has values, which ${type} ignores`;
  if (onlyTypes) return 'needs the type ANY or NONE: Mesos does not compare it with names';
  const right =
    Array.isArray(values) &&
    values.length > 0 &&
    values.every((one) => typeof one === 'string' && one !== '');
  return right ? undefined : 'has neither a type nor a list of values';
}

/** Returns why Mesos would refuse or misinterpret the ACLs. */
export function aclsFault(value: unknown): Fault | undefined {
  const acls = record(value);
  if (acls === undefined)
    return {
      message: 'acls is not a map',
      right: 'register_agents: [{ principals: …, agents: … }], and others',
    };
  for (const [action, list] of Object.entries(acls)) {
    if (action === 'permissive') {
      if (typeof list === 'boolean') continue;
      return { message: 'permissive is neither true nor false', right: 'true or false', path: [action] };
    }
    const object = aclActions.get(action);
    if (object === undefined)
      return {
        message: `${action} is not an action of Mesos`,
        right: `permissive, or one of: ${[...aclActions.keys()].join(', ')}`,
        path: [action],
      };
    if (!Array.isArray(list))
      return {
        message: `${action} is not a list`,
        right: `[{ principals: …, ${object}: … }]`,
        path: [action],
      };
    for (const [index, item] of (list as unknown[]).entries()) {
      const entry = record(item) ?? {};
      const unknownKey = Object.keys(entry).find((key) => key !== 'principals' && key !== object);
      if (unknownKey !== undefined)
        return {
          message: `${action} has no ${unknownKey}`,
          right: `principals and ${object}, each ${entityForm}`,
          path: [action, index, unknownKey],
        };
      for (const key of ['principals', object]) {
        const why = entityFault(entry[key], key !== 'principals' && implicit.has(key));
        if (why !== undefined)
          return {
            message: `${key} of ${action} ${why}`,
            right: implicit.has(key) ? '{ type: ANY } or { type: NONE }' : entityForm,
            path: entry[key] === undefined ? [action, index] : [action, index, key],
          };
      }
    }
  }
  return undefined;
}
