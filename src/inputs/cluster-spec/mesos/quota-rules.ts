import { type Context, fail, failWithSecondPlace, record } from '../rules.ts';
import { roleFault } from './resources.ts';

/**
 * Checks quotas as src/master/quota.cpp (validate) and src/master/quota_handler.cpp do: the role is not `*`, each role
 * has one quota, and the children of a role have no more than the role itself.
 */
export function checkQuotas(quotas: unknown, context: Context): void {
  if (!Array.isArray(quotas)) return;
  const seen = new Map<string, number>();
  quotas.forEach((one: unknown, index) => {
    const { role, limits } = record(one) ?? {};
    const path = ['seed', 'mesos', 'quotas', index];
    if (typeof role === 'string') {
      const wrong =
        role === '*' ? 'the role * belongs to everybody and cannot have a quota' : roleFault(role);
      if (wrong !== undefined)
        fail(context, [...path, 'role'], wrong, 'the role of a framework, such as web');
      const first = seen.get(role);
      if (first !== undefined)
        failWithSecondPlace(context, {
          path: [...path, 'role'],
          message: `the role ${role} is listed twice`,
          right: 'each role once',
          firstAt: [...path.slice(0, -1), first, 'role'],
        });
      seen.set(role, index);
    }
    if (Object.hasOwn(record(limits) ?? {}, 'ports'))
      fail(context, [...path, 'limits', 'ports'], 'ports have no quota', 'cpus, mem, disk, gpus');
  });
  checkChildren(quotas, seen, context);
}

function checkChildren(
  quotas: readonly unknown[],
  roles: ReadonlyMap<string, number>,
  context: Context,
): void {
  for (const [role, index] of roles) {
    const parent = roles.get(role.slice(0, Math.max(0, role.lastIndexOf('/'))));
    if (parent === undefined) continue;
    const [own, most] = [index, parent].map((at) => record(record(quotas[at])?.['limits']) ?? {});
    for (const [name, amount] of Object.entries(own ?? {})) {
      const limit = most?.[name];
      if (typeof amount === 'number' && typeof limit === 'number' && amount > limit)
        failWithSecondPlace(context, {
          path: ['seed', 'mesos', 'quotas', index, 'limits', name],
          message: `${role} may have more ${name} than the role above it (${limit})`,
          right: 'no more than the role above it',
          firstAt: ['seed', 'mesos', 'quotas', parent],
        });
    }
  }
}
