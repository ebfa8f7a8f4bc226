import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/cli/show-error.ts';
import { errorLines, type Failure, failureScreen } from '../../../src/failures/failure-screen.ts';
import { recognise } from '../../../src/failures/recognise.ts';
import { IngotError } from '../../../src/host/ingot-error.ts';

const terminal = { rows: 30, columns: 100, colour: false };
const logs = '/srv/out/runs/20261130T063105Z-IPBMWu/logs';

/** The failure of a bake whose step wants the network, with more lines than a screen has. */
function longFailure(more: Partial<Failure> = {}): Failure {
  const error = new IngotError({
    code: 'step-failed',
    message:
      'slave: step 60-agent failed in do.sh (exit 6) after 0.3 s: curl: (6) Could not resolve host: example.org',
    excerpt: [
      'slave: last lines of step 60-agent:',
      ...Array.from({ length: 60 }, (_, at) => `  line ${at}`),
      "slave: last lines of the guest's console:",
      ...Array.from({ length: 60 }, (_, at) => `  console ${at}`),
    ],
    hint: `the logs are kept: ${logs}/packer.log`,
  });
  const lines = errorLines(error);
  return {
    ...{ error, stages: ['bake'], logs, texts: [], full: `${logs}/failure.txt` },
    recognised: recognise(error.code, [{ kind: 'error', name: 'the message', lines }]),
    again: { command: 'ingot bake cluster.yaml --role slave', does: 'only the slave' },
    bundle: 'ingot report cluster.yaml --bundle report.tar.gz',
    ...more,
  };
}

describe('the report of a failure', () => {
  it('names a command once, also if the hint names what to run again', () => {
    const error = new IngotError({
      ...{ code: 'wrong-lock', message: 'cluster.lock.json is not there' },
      hint: 'run: ingot lock cluster.yaml',
    });
    const again = { command: 'ingot lock cluster.yaml', does: 'only the lock' };
    const text = failureScreen({ error, stages: ['lock'], texts: [], again }, terminal);
    expect(text.match(/ingot lock cluster\.yaml/g)).toHaveLength(1);
  });

  it('fits on the screen, and says where the rest is', () => {
    const text = failureScreen(longFailure(), terminal);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(terminal.rows);
    for (const line of text.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(terminal.columns);
    expect(text).toMatch(/\(\d+ more lines: \/srv\/out\/runs\/.*\/failure\.txt\)/);
  });

  it('says what failed, at which step, the lines, the cause, what to do, the command, the logs, the code', () => {
    const text = failureScreen(longFailure(), terminal);
    const parts = [
      'ingot: slave: step 60-agent failed',
      'failed at: bake',
      'slave: last lines of step 60-agent:',
      '  line 59',
      "slave: last lines of the guest's console:",
      '  console 59',
      'likely cause: The build guest reaches nothing but Packer',
      '→ Name the packages in cluster.yaml',
      'known failure: step-needs-network (docs/troubleshooting.md#step-needs-network)',
      'again: ingot bake cluster.yaml --role slave',
      `logs: ${logs} (packer.log)`,
      'to report it: ingot report cluster.yaml --bundle report.tar.gz',
      'code: step-failed',
    ];
    let at = -1;
    for (const part of parts) {
      const next = text.indexOf(part, at + 1);
      expect(next, part).toBeGreaterThan(at);
      at = next;
    }
    expect(text.trimEnd().split('\n').at(-1)).toBe('  code: step-failed');
  });

  it('leaves nothing out where it could not be written to a file', () => {
    const text = failureScreen(longFailure({ full: undefined }), { rows: 10, columns: 60, colour: false });
    expect(text).toContain('  line 0\n');
    expect(text).toContain('  console 0\n');
    expect(text).not.toContain('more lines');
  });

  it('shows the lines of the log that shows the cause, with its path', () => {
    const lines = ['a', 'b', 'Booting', 'Boot failed', '', 'No bootable device.', 'end'];
    const error = new IngotError({ code: 'node-failed', message: 'master: ssh is silent' });
    const text = { kind: 'console', name: `${logs}/console-verify-master.log`, lines } as const;
    const found = { error, stages: ['verify'], texts: [text], recognised: recognise('node-failed', [text]) };
    const screen = failureScreen(found, terminal);
    expect(screen).toContain(`  ${logs}/console-verify-master.log:\n    Booting\n    Boot failed\n`);
    expect(screen).toContain('known failure: no-bootable-disk');
    expect(screen).not.toContain('    a\n');
  });

  it('shows the end of the log if neither the error nor the catalogue knows more', () => {
    const text = { kind: 'console', name: '/x/console.log', lines: ['first', 'last line'] } as const;
    const error = new IngotError({ code: 'node-failed', message: 'master: it ended' });
    expect(failureScreen({ error, stages: [], texts: [text] }, terminal)).toContain(
      '  the end of /x/console.log:\n    first\n    last line\n',
    );
  });

  it('is the error itself where nothing more is known', () => {
    const errors = [
      new IngotError({
        code: 'wrong-spec',
        message: 'one\ntwo',
        excerpt: Array.from({ length: 200 }, () => 'line'),
        hint: 'a\nb',
      }),
      new IngotError({ code: 'interrupted', message: 'interrupted by SIGINT' }),
    ];
    for (const error of errors)
      for (const colour of [true, false])
        expect(failureScreen({ error, stages: [], texts: [] }, { ...terminal, colour })).toBe(
          errorText(error, colour),
        );
  });

  it('does not repeat the cause if the error says it itself', () => {
    const error = new IngotError({
      code: 'host-not-ready',
      message: 'baking needs root',
      hint: 'run it with sudo',
    });
    const recognised = recognise(error.code, [{ kind: 'error', name: 'x', lines: errorLines(error) }]);
    const text = failureScreen({ error, stages: [], texts: [], recognised }, terminal);
    expect(text).not.toContain('likely cause');
    expect(text).toContain('  → run it with sudo\n');
    expect(text).toContain('known failure: not-root');
  });
});
