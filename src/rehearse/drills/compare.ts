import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareNodes } from '../compare/compare-nodes.ts';
import { comparedTable } from '../compare/compared-table.ts';
import { parseNodeInventory } from '../compare/inventory.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';

export const compare: Drill = {
  name: 'compare',
  proves: 'two slaves are identical but for what may differ, each with its reason',
  quick: true,
  cannot: ({ slaves }) => (slaves < 2 ? 'it needs two slaves' : undefined),
  run: async (cluster) => {
    const [one, two] = cluster.slaves;
    if (one === undefined || two === undefined) throw drillFailure('there are no two slaves');
    const texts = await Promise.all([one, two].map(({ name }) => cluster.inventory(name)));
    const [first, second] = texts.map(parseNodeInventory);
    if (first === undefined || second === undefined) throw drillFailure('there are no two inventories');
    [one, two].forEach(({ name }, index) => {
      writeFileSync(join(cluster.options.logFolder, `inventory-${name}.ndjson`), texts[index] ?? '');
    });
    const compared = compareNodes(first, second, cluster.options.allowed);
    const table = comparedTable([one.name, two.name], compared);
    const refused = compared.flatMap((kind) => kind.refused);
    if (refused.length > 0)
      throw drillFailure(
        `${one.name} and ${two.name} differ in ${refused.length} ways that no rule allows`,
        refused,
      );
    const equal = compared.reduce((sum, kind) => sum + kind.equal, 0);
    const allowed = compared.reduce((sum, kind) => sum + kind.allowed.length, 0);
    return {
      saw: `${one.name} and ${two.name}: ${equal} facts are equal, ${allowed} differ as they may, none otherwise`,
      table,
    };
  },
};
