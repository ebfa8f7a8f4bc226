export interface AuthorizedAction {
  /** As ACLs name it: register_agents. */
  readonly action: string;
  /** As ACLs name its objects: agents. */
  readonly objectKey: string;
  /** Undefined: of an action whose object is given implicitly. */
  readonly object?: string | undefined;
}

/**
 * Whether ACLs allow a principal an action on an object, as LocalAuthorizer does (src/authorizer/local/authorizer.cpp): the first entry whose
 * principals and object match decides; where none does, permissive.
 * @param acls of which aclsFault found nothing wrong
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

// NONE matches too: it then decides that nobody may, or nothing.
function matches({ type = 'SOME', values = [] }: Entity, name: string | undefined): boolean {
  return type !== 'SOME' || (name !== undefined && values.includes(name));
}
