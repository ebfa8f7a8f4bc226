import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../node-tools', import.meta.url));

/** The JSON output of a Python program that imports the node's modules and gets a value as JSON on standard input. */
export function nodePython(program: string, input: unknown = null): unknown {
  const text = `import json, sys\nsys.path.insert(0, ${JSON.stringify(folder)})\n${program}`;
  const ran = spawnSync('/usr/bin/python3', ['-sEB', '-c', text], {
    encoding: 'utf8',
    input: JSON.stringify(input),
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as unknown;
}
