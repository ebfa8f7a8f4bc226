import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { project } from '../built-ingot.ts';

const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ingot_node import cluster_api, cluster_channel
cluster_channel.CLIENT = sys.argv[3]
try:
    answer = cluster_api.ask("127.0.0.1", int(sys.argv[2]), "/metrics/snapshot", 5)
    print(answer.status, json.dumps(answer.body))
except cluster_api.NoAnswer as problem:
    print(problem)
`;

/**
 * The output of a program of a node that requests the metrics of the port: status and body, or why there is no answer.
 */
export function askFromNode(port: number, client: string, uid?: number): Promise<string> {
  const folder = join(project, 'node-tools');
  const child = spawn('/usr/bin/python3', ['-sEB', '-c', program, folder, String(port), client], {
    ...(uid === undefined ? {} : { uid }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  return new Promise((resolve) => {
    child.on('close', () => {
      resolve(text.trim());
    });
  });
}
