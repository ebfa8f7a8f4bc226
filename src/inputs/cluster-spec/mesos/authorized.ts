export interface AuthorizedAction {
  /** The name of the action in ACLs: register_agents. */
  readonly action: string;
  /** The name of its objects in ACLs: agents. */
  readonly objectKey: string;
  /** Undefined for an action whose object is implicit. */
  readonly object?: string | undefined;
}

/**
 * Reports whether ACLs allow a principal an action on an object. It decides as LocalAuthorizer does
 * (src/authorizer/local/authorizer.cpp): by the first entry whose principals and object match, and by `permissive` if
 * none does.
 * @param acls in which aclsFault found nothing wrong
 */
export function isAuthorized(
  acls: Readonly<Record<string, unknown>>,
  principal: string,
  { action, objectKey, object }: AuthorizedAction,
): boolean {
  for (const entry of (acls[action] ?? []) as Readonly<Record<string, Entity>>[]) {
    const { principals = {}, [objectKey]: objects = {} } = entry;
    if (!matches(principals, principal) || !matches(objects, object)) continue;
    return principals.type !== 'NONE' && objects.type !== 'NONE';
  }
  return acls['permissive'] !== false;
}

interface Entity {
  readonly type?: string;
  readonly values?: readonly string[];
}

// NONE matches as well: it then decides that nobody may, or that nothing is allowed.
function matches({ type = 'SOME', values = [] }: Entity, name: string | undefined): boolean {
  return type !== 'SOME' || (name !== undefined && values.includes(name));
}
