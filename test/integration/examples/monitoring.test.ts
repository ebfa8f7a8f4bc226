import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../examples/monitoring', import.meta.url));
const nodeTools = fileURLToPath(new URL('../../../node-tools', import.meta.url));

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { expr: string }[];
  }[];
}
const dashboard = JSON.parse(readFileSync(join(folder, 'ingot-dashboard.json'), 'utf8')) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** promtool's result for a text that it reads as this file. */
function promtool(
  args: readonly string[],
  name: string,
  content: string,
): { status: number | null; said: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'ingot-promtool-'));
  try {
    writeFileSync(join(scratch, name), content);
    const done = spawnSync('promtool', [...args, name], { cwd: scratch, encoding: 'utf8' });
    return { status: done.status, said: done.stdout + done.stderr };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * The metrics that a node's own code writes for an answer with one drift for each kind of character that a label may
 * have to escape.
 */
function textfile(): string {
  const program = `
import sys
sys.path.insert(0, sys.argv[1])
from ingot_node.drift.finding import running
from ingot_node.drift.look import Seen
from ingot_node.drift.prometheus import textfile
drifts = [running("mount:/x", "added", None, "x")]
print(textfile(Seen('a"b\\\\c', "slave", '2"0\\\\26\\n', "2c", True, False, drifts, 3, 7, 1795600000.4, 0.25)), end="")
`;
  return execFileSync('/usr/bin/python3', ['-sEB', '-c', program, nodeTools], { encoding: 'utf8' });
}

describe('Prometheus', () => {
  it('accepts the alert rules, and they fire for what they describe and for nothing else', () => {
    const done = spawnSync('promtool', ['test', 'rules', 'ingot-alerts.test.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(done.status, done.stdout + done.stderr).toBe(0);
    const rules = readFileSync(join(folder, 'ingot-alerts.yaml'), 'utf8');
    const checked = promtool(['check', 'rules'], 'rules.yaml', rules);
    expect(checked.said).toContain('7 rules found');
    const tests = readFileSync(join(folder, 'ingot-alerts.test.yaml'), 'utf8');
    for (const [, alert] of rules.matchAll(/alert: (\w+)/g))
      expect(tests).toMatch(new RegExp(`${alert}\\W[^[]*exp_labels`));
  });

  it('accepts the metrics of a node', () => {
    const done = spawnSync('promtool', ['check', 'metrics'], { input: textfile(), encoding: 'utf8' });
    expect(done.status, done.stdout + done.stderr).toBe(0);
    expect(textfile()).toContain('version="2\\"0\\\\26\\n"');
  });

  it('has every metric that a rule or a panel uses, except the exporter’s own', () => {
    const rules = readFileSync(join(folder, 'ingot-alerts.yaml'), 'utf8');
    const asked = new Set(`${rules}\n${expressions.join('\n')}`.match(/\bingot_[a-z_]+/g));
    const left = new Set(textfile().match(/^ingot_[a-z_]+/gm));
    expect([...asked].filter((name) => !left.has(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has panels with distinct ids, whose queries Prometheus understands', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const rules = expressions.map((expr, number) => ({
      record: `panel:question:${number}`,
      // Grafana inserts the selected roles there.
      expr: expr.replaceAll('$role', 'slave|master'),
    }));
    const file = JSON.stringify({ groups: [{ name: 'panels', rules }] });
    const { status, said } = promtool(['check', 'rules'], 'panels.yaml', file);
    expect(status, said).toBe(0);
    const broken = promtool(['check', 'rules'], 'panels.yaml', file.replace('count(', 'count(('));
    expect(broken.status).not.toBe(0);
  });
});
