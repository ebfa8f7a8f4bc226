import { allRoles, isRole } from '../../inputs/roles.ts';
import { argument } from '../record/argument.ts';

/** The argument ROLE. */
export const roleArgument = argument('role', allRoles.join(' or '));

/** Why an argument is not a role, in one line; undefined if it is one. */
export function wrongRole({ role }: { readonly role: string }): string | undefined {
  return isRole(role) ? undefined : `"${role}" is not a role: name ${allRoles.join(' or ')}`;
}
