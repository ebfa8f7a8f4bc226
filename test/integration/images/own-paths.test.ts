import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isDerived } from '../../../src/inputs/cluster-spec/own-paths.ts';
import { nodeTools } from '../../unit/images/node-programs.ts';

// A seed with every setting for which ingot-identity writes a file.
const seed = {
  version: 1,
  ...{ cluster: 'demo', masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'], timeServers: ['10.0.0.1'] },
  agents: [{ attributes: { rack: 'r1' } }],
  secrets: {
    agentCredential: { file: '/var/lib/ingot/state/a' },
    masterCredentials: { file: '/var/lib/ingot/state/b' },
    dockerConfig: { file: '/var/lib/ingot/state/c' },
    marathon: { principal: 'marathon', file: '/var/lib/ingot/state/d' },
  },
  logs: { url: 'https://logs.example.org' },
};

test('the paths that check treats as derived are those that ingot-identity writes, for every role and layout', () => {
  const program = `
import json, sys
sys.path[:0] = sys.argv[1:3]
from ingot_node.cluster_config import Release, files
from ingot_node.cluster_seed import parse_seed
seed = parse_seed(sys.argv[3])
print(json.dumps([path for role in ("master", "slave") for layout in ("mesosphere", "clusterd") for path in files(seed, "10.0.0.11" if role == "master" else "10.0.0.21", Release(role, layout, "marathon"))]))
`;
  const folders = [nodeTools, join(nodeTools, 'programs/schedulers/marathon/master/usr/lib/ingot')];
  const written = JSON.parse(
    execFileSync('python3', ['-B', '-c', program, ...folders, JSON.stringify(seed)], { encoding: 'utf8' }),
  ) as string[];
  const ofTheRoot = [...new Set(written)].filter((path) => path.startsWith('/etc/'));
  expect(ofTheRoot.length).toBeGreaterThan(12);
  expect(ofTheRoot.filter((path) => !isDerived(path))).toEqual([]);
  // All other files are below a mount or only for this boot.
  expect([...new Set(written)].filter((path) => !/^\/(?:etc|run|var\/lib\/zookeeper)\//.test(path))).toEqual(
    [],
  );
});
