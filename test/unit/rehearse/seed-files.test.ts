import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { reseedScript } from '../../../src/rehearse/seed-files.ts';

describe('another seed for a running node', () => {
  it('is written as cloud-init would write it, then the identity is derived again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ingot-seed-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const userData = [
      '#cloud-config',
      'write_files:',
      `  - path: ${folder}/etc/it's/cluster.json`,
      "    permissions: '0600'",
      `    content: ${JSON.stringify('{"a":"it\'s $HOME"}\n')}`,
      `  - path: ${folder}/more`,
      '    encoding: b64',
      '    content: aGVsbG8=',
    ].join('\n');
    const script = reseedScript([{ path: 'user-data', content: userData }]);
    mkdirSync(join(folder, 'bin'));
    const ran = spawnSync('sh', ['-c', `systemctl() { echo "systemctl $*"; }\n${script}`], {
      encoding: 'utf8',
    });
    expect(ran.stdout).toBe('systemctl restart ingot-identity.service\n');
    expect(readFileSync(join(folder, "etc/it's/cluster.json"), 'utf8')).toBe('{"a":"it\'s $HOME"}\n');
    expect(statSync(join(folder, "etc/it's/cluster.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'more'), 'utf8')).toBe('hello');
  });
});
