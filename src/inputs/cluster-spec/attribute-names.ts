import { layoutOf } from './layout-of.ts';
import { type Context, fail, record } from './rules.ts';

// Same as in node-tools/ingot_node/cluster_config.py: clusterd's init wrapper uses the names that find prints,
// unquoted.
const fileName = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * Refuses attribute names that cannot be file names, in clusterd's layout. Its packages read a folder that has one file
 * for each attribute (support/packaging/common/mesos-init-wrapper.in of m3scluster/clusterd).
 */
export function checkAttributeNames(spec: unknown, context: Context): void {
  if (layoutOf(spec) !== 'clusterd') return;
  const agents = record(record(spec)?.['seed'])?.['agents'];
  if (!Array.isArray(agents)) return;
  agents.forEach((one: unknown, index) => {
    for (const name of Object.keys(record(record(one)?.['attributes']) ?? {}))
      if (!fileName.test(name) || /\.(?:dpkg-dist|rpmnew)$/.test(name))
        fail(
          context,
          ['seed', 'agents', index, 'attributes', name],
          `${name} cannot be a file name, but packages of the layout clusterd read each attribute from a file with its name`,
          'letters, digits, _, - and . , such as rack',
        );
  });
}
