/**
 * Whether ACLs allow a principal an action on an object, as LocalAuthorizer does (src/authorizer/local/authorizer.cpp): the first entry whose
 * principals and object match decides; where none does, permissive.
 * @param acls of which aclsFault found nothing wrong
 * @param object undefined: of an action whose object is given implicitly
 */
export function isAuthorized(
  acls: Readonly<Record<string, unknown>>,
  action: string,
  objectKey: string,
  principal: string,
  object: string | undefined,
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
