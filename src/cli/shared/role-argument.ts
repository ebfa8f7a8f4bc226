import { allRoles, type Role } from '../../inputs/plan/plan.ts';
import { argument } from '../record/argument.ts';

/** The argument ROLE. */
export const roleArgument = argument('role', allRoles.join(' or '));

/** Why an argument is not a role, in one line; undefined if it is one. */
export function wrongRole({ role }: { readonly role: string }): string | undefined {
  return isRole(role) ? undefined : `"${role}" is not a role: name ${allRoles.join(' or ')}`;
}

/** Whether a text is a role. */
export function isRole(text: string): text is Role {
  return allRoles.some((role) => role === text);
}
