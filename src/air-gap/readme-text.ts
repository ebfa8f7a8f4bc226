import type { BundleRecord } from './bundle-record.ts';

/** README.md of a bundle: what is in it, and how to verify and use it without any other text. */
export function readmeText({ cluster, versions, created, ingot }: BundleRecord): string {
  const names = versions.map(
    ({ role, version, standIns }) =>
      `- ${role} ${version}${standIns ? ' (with stand-ins: not for production)' : ''}`,
  );
  return [
    `# ${cluster}, ${created.slice(0, 10)}`,
    '',
    ...names,
    '',
    `Written by ingot ${ingot}. \`docs/air-gap.md\` explains all of this.`,
    '',
    '| path                | is                                                                    |',
    '| ------------------- | --------------------------------------------------------------------- |',
    '| `store`             | the versions, as a store of ingot: `--out store`                       |',
    '| `cluster.lock.json` | the lock; put it next to your cluster.yaml                             |',
    '| `pool`              | the packages of the lock: `--pool pool --offline`                      |',
    '| `tools/ingot.tgz`   | ingot: `npm install --global --offline tools/ingot.tgz`                |',
    '| `tools/node`        | Node.js, if it was added: `tools/node package/dist/cli/main.js --help` |',
    '| `docs`              | all pages                                                             |',
    '',
    'Without ingot: `sha256sum -c SHA256SUMS` compares every file. `SHA256SUMS.dsse` has the signature of that list.',
    '',
  ].join('\n');
}
