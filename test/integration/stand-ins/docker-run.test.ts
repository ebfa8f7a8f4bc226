import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const sources = fileURLToPath(new URL('../../../stand-ins/python', import.meta.url));
const program = [
  'import json, sys',
  `sys.path.insert(0, ${JSON.stringify(sources)})`,
  'from mesos_stand_in.docker_run import RunOptionsError, run_arguments',
  'def one(task, cfs):',
  '    try: return run_arguments(task, "mesos-x", "/sandbox", "/mnt/mesos/sandbox", cfs)',
  '    except RunOptionsError as problem: return str(problem)',
  'print(json.dumps([one(*given) for given in json.load(sys.stdin)]))',
].join('\n');

/** The arguments of `docker run` for tasks, or the message with which each is refused. */
function runArguments(tasks: readonly object[], cfs = false): (string[] | string)[] {
  const { stdout, stderr } = spawnSync('python3', ['-IBc', program], {
    input: JSON.stringify(tasks.map((task) => [task, cfs])),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as (string[] | string)[];
}

const task = (docker: object = {}, more: object = {}) => ({
  ...{ cmd: 'echo hi', resources: { cpus: 0.5, mem: 64 } },
  ...more,
  container: {
    type: 'DOCKER',
    docker: { image: 'tiny:1', ...docker },
    ...(more as { container?: object }).container,
  },
});

describe('the command line of a container', () => {
  it('is the same as that of Mesos, in its order', () => {
    expect(runArguments([task()], true)).toEqual([
      [
        ...['run', '--cpu-shares', '512', '--cpu-quota', '50000', '--memory', '67108864'],
        ...[
          '-e',
          'MESOS_ALLOCATION_ROLE=*',
          '-e',
          'MESOS_CONTAINER_NAME=mesos-x',
          '-e',
          'MESOS_SANDBOX=/mnt/mesos/sandbox',
        ],
        ...[
          '-v',
          '/sandbox:/mnt/mesos/sandbox',
          '--net',
          'host',
          '--entrypoint',
          '/bin/sh',
          '--name',
          'mesos-x',
        ],
        ...['tiny:1', '-c', 'echo hi'],
      ],
    ]);
  });

  it('has a quota only with cgroups_enable_cfs, and never less than Mesos’ minimum', () => {
    const [small = []] = runArguments([task({}, { resources: { cpus: 0.001, mem: 1 } })], true);
    expect(small).toEqual(
      expect.arrayContaining(['--cpu-shares', '2', '--cpu-quota', '1000', '--memory', '33554432']),
    );
    expect(runArguments([task()])[0]).not.toContain('--cpu-quota');
  });

  it('runs the image’s own program if no shell is requested', () => {
    const [plain = []] = runArguments([task({}, { shell: false, cmd: null, arguments: ['-v'] })]);
    expect(plain).not.toContain('--entrypoint');
    expect(plain.slice(-2)).toEqual(['tiny:1', '-v']);
  });

  it.each<[string, object, string]>([
    [
      'a port on the host’s network',
      task({ port_mappings: [{ host_port: 1, container_port: 1 }] }),
      'Port mappings are only supported',
    ],
    ['a network without a name', task({ network: 'USER' }), 'No network info found in container info'],
    ['an unknown network', task({ network: 'MOON' }), 'Unsupported Network mode: MOON'],
    ['a shell without a command', task({}, { cmd: null }), 'Shell specified but no command value provided'],
    [
      'a volume of two relative paths',
      task({}, { container: { volumes: [{ container_path: 'a', host_path: 'b' }] } }),
      'are relative',
    ],
    [
      'a volume without a container path',
      task({}, { container: { volumes: [{ container_path: '/a' }] } }),
      'Host path or volume source is required',
    ],
    [
      'a host name on the host’s network',
      task({}, { container: { hostname: 'x' } }),
      'Unable to set hostname with host network mode',
    ],
  ])('is refused for %s', (_, refused, words) => {
    expect(runArguments([refused])[0]).toContain(words);
  });

  it('gives a command and an environment to the container unchanged, whatever they contain', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => !one.includes('\0'));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 20, maxLength: 20 }), (pairs) => {
        const made = runArguments(pairs.map(([cmd, value]) => task({}, { cmd, env: { VALUE: value } })));
        for (const [index, [cmd, value]] of pairs.entries()) {
          const given = made[index] ?? [];
          expect(given.at(-1)).toBe(cmd);
          expect(given).toContain(`VALUE=${value}`);
        }
      }),
      { numRuns: 5 },
    );
  });
});
