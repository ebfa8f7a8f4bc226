/**
 * Lists the modules to load, each once and after its dependencies, as paths below /usr/lib/modules/VERSION.
 * @param dependencies text of modules.dep (depmod(8)): "a.ko: b.ko c.ko", where c is loaded before b and b before a
 * @param wanted names with underscores; a name that is not a module of this kernel is built into it
 */
export function moduleOrder(dependencies: string, wanted: readonly string[]): readonly string[] {
  const needs = new Map<string, readonly string[]>();
  for (const line of dependencies.split('\n')) {
    const [path = '', before = ''] = line.split(':');
    needs.set(moduleName(path), [path, ...before.split(' ').filter((word) => word !== '')]);
  }
  return [...new Set(wanted.flatMap((name) => [...(needs.get(name) ?? [])].reverse()))];
}

function moduleName(path: string): string {
  return path
    .replace(/^.*\//, '')
    .replace(/\.ko.*$/, '')
    .replaceAll('-', '_');
}
