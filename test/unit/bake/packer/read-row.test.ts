import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BakeState, newBakeState, nextBakeState } from '../../../../src/bake/packer/bake-state.ts';
import type { BakeEvent } from '../../../../src/bake/packer/events.ts';
import { parseRow } from '../../../../src/bake/packer/machine-readable.ts';
import { readRow } from '../../../../src/bake/packer/read-row.ts';
import { makeRedact } from '../../../../src/bake/packer/redact.ts';

/** Reads raw rows, each received a second after the one before. */
function read(
  lines: readonly string[],
  secrets: readonly string[] = [],
): { events: BakeEvent[]; state: BakeState } {
  let state = newBakeState(['qemu.master', 'qemu.slave']);
  const events: BakeEvent[] = [];
  lines.forEach((line, index) => {
    const row = parseRow(line);
    if (row === undefined) return;
    for (const event of readRow(row, { state, redact: makeRedact(secrets), at: index * 1000 })) {
      state = nextBakeState(state, event);
      events.push(event);
    }
  });
  return { events, state };
}

const types = (lines: readonly string[]) => read(lines).events.map(({ type }) => type);
const say = (text: string, build = 'qemu.master') => `1,,ui,say,==> ${build}: ${text}`;
const guest = (text: string, build = 'qemu.master') => `1,,ui,message,    ${build}: ${text}`;

describe('a line of Packer', () => {
  test('loses its prefix and is reported for its build', () => {
    expect(read([guest('  hello: you')]).events).toEqual([
      { at: 0, type: 'line', build: 'qemu.master', kind: 'message', text: '  hello: you' },
    ]);
  });

  test('belongs to the same build if the build block has a name', () => {
    expect(read([say('Halting', 'ingot.qemu.slave')]).events).toMatchObject([
      { build: 'qemu.slave', text: 'Halting' },
    ]);
  });

  test('belongs to no build if it names none', () => {
    expect(read(['1,,ui,say,\\n==> Wait completed after 1 second']).events).toMatchObject([
      { build: undefined, text: '==> Wait completed after 1 second' },
    ]);
  });

  test('with several lines is one event for each', () => {
    const lines = '1,,ui,error,==> qemu.master: one\\n==> qemu.master: two';
    expect(read([lines]).events).toMatchObject([{ text: 'one' }, { text: 'two', build: 'qemu.master' }]);
  });

  test('is free of secrets and control characters', () => {
    const { events } = read([guest('\x1b[31mpw a%!(PACKER_COMMA)b\x1b[0m')], ['a,b']);
    expect(events).toMatchObject([{ text: 'pw ***' }]);
  });

  test('on a provisioner’s stderr is not a failure', () => {
    expect(
      read(['1,,ui,error,==> qemu.master: W: warning']).state.builds['qemu.master']?.failure,
    ).toBeUndefined();
  });
});

describe('the progress of a guest', () => {
  test('is read from Packer’s lines and the guest’s markers, with its times', () => {
    const { state } = read([
      say('Starting VM%!(PACKER_COMMA) booting disk image'),
      say('Waiting for SSH to become available...'),
      say('Connected to SSH!'),
      guest('ingot: step 10-users begins'),
      guest('ingot: step 10-users done in 12s'),
      guest('ingot: step 20-time begins'),
      guest('ingot: step 20-time done in 0.5 s'),
      guest('ingot: exported 1234567 bytes'),
      `1,,ui,say,Build 'qemu.master' finished after 1 second 26 milliseconds.`,
      '1,qemu.master,artifact-count,1',
      '1,qemu.master,artifact,0,builder-id,transcend.qemu',
      '1,qemu.master,artifact,0,end',
    ]);
    expect(state.builds['qemu.master']).toMatchObject({
      phase: 'done',
      bootSeconds: 2,
      steps: [
        { name: '10-users', seconds: 12 },
        { name: '20-time', seconds: 0.5 },
      ],
      exportedBytes: 1234567,
      artifacts: 1,
      failure: undefined,
    });
    expect(state.builds['qemu.slave']?.phase).toBe('waiting');
  });

  test('is not accepted from the wrong stream', () => {
    expect(types([say('ingot: step 10-users begins'), guest('Connected to SSH!')])).toEqual(['line', 'line']);
  });

  test('is not accepted for an artifact that does not exist', () => {
    expect(types(['1,qemu.master,artifact,0,nil', '1,qemu.master,artifact,0,end'])).toEqual([]);
  });
});

describe('a failure', () => {
  const lines = [
    guest('ingot: step 30-units begins'),
    guest('checking'),
    guest('ingot: step 30-units failed (exit 3) in assert.sh'),
    '1,,ui,error,==> qemu.master: late line of stderr',
    say('Provisioning step had errors: Running the cleanup provisioner%!(PACKER_COMMA) if present...'),
    `1,,ui,error,Build 'ingot.qemu.master' errored after 1 second: Script exited with non-zero exit status: 1`,
    '1,ingot.qemu.master,error,Script exited with non-zero exit status: 1',
  ];

  test('of a step reports the step, its script, its exit status, its time and all its output', () => {
    const master = read(lines).state.builds['qemu.master'];
    expect(master?.failedStep).toEqual({ name: '30-units', seconds: 2, exitCode: 3, script: 'assert.sh' });
    expect(master?.stepLines).toContain('late line of stderr');
    expect(master?.stepLines).toContain('checking');
  });

  test('of a build is reported once, although Packer prints it twice', () => {
    const failures = read(lines).events.filter(({ type }) => type === 'build-failed');
    expect(failures).toMatchObject([
      { build: 'qemu.master', message: 'Script exited with non-zero exit status: 1' },
    ]);
  });

  test('of no build is kept for the message', () => {
    expect(read(['1,,ui,error,Error: no such thing']).state.errors).toEqual(['Error: no such thing']);
  });
});

test('any row is read without throwing', () => {
  const type = fc.constantFrom('ui', 'artifact', 'error', 'version');
  fc.assert(
    fc.property(type, fc.array(fc.string({ unit: 'binary' })), (of, data) => {
      const row = { seconds: 1, target: 'qemu.master', type: of, data };
      readRow(row, { state: newBakeState(['qemu.master']), redact: (text) => text, at: 0 });
    }),
  );
});
