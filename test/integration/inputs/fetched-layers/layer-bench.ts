import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../../../../src/host/host.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { fetchLayers } from '../../../../src/inputs/fetched-layers/fetch-layers.ts';
import { layerSources } from '../../../../src/inputs/fetched-layers/layer-sources.ts';
import { loadSpec } from '../../../../src/inputs/load-spec.ts';
import { type Lock, type LockedLayer, withLayers } from '../../../../src/inputs/lock/lock.ts';
import { writeLock } from '../../../../src/inputs/lock-file-of.ts';
import { sampleLock } from '../../../samples/lock.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { project } from '../../built-ingot.ts';

const build = join(project, 'stand-ins/build');
/** A spec of five lines; the layers of a test begin in line 6. */
const head = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: { deb: ${build}/mesos_1.9.0-1.standin1_all.deb }
marathon: { deb: ${build}/marathon_1.11.24-1.standin1_all.deb }
base: { mirror: { url: 'file:///nowhere', trusted: true } }
`;

export type LayerFiles = Readonly<Record<string, string>>;

/** Writes files below a folder; a name that ends in * is executable. */
export async function putFiles(folder: string, files: LayerFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name.replace(/\*$/, ''));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (name.endsWith('*')) await chmod(path, 0o755);
  }
}

/** A folder with a spec, a pool and a git repository. */
export class LayerBench {
  readonly folder: string;
  readonly host: Host;
  /** The lines that were shown while something was fetched. */
  readonly lines: string[] = [];

  private constructor(folder: string, host: Host) {
    this.folder = folder;
    this.host = host;
  }

  static async open(host: Host = makeHost()): Promise<LayerBench> {
    return new LayerBench(await temporaryFolder(), host);
  }

  get pool(): string {
    return join(this.folder, 'pool');
  }

  get specFile(): string {
    return join(this.folder, 'cluster.yaml');
  }

  get repository(): string {
    return join(this.folder, 'site');
  }

  /** Runs git in the repository, as its owner. */
  async git(...args: string[]): Promise<string> {
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'protocol.file.allow=always'];
    const { stdout } = await makeHost().run('git', ['-C', this.repository, ...who, ...args]);
    return stdout.trim();
  }

  /** Commits files on the branch main; returns the commit. */
  async commit(files: LayerFiles): Promise<string> {
    await mkdir(this.repository, { recursive: true });
    await this.git('init', '--quiet', '--initial-branch=main');
    await putFiles(this.repository, files);
    await this.git('add', '--all', '--force');
    await this.git('commit', '--quiet', '--message=x');
    return await this.git('rev-parse', 'HEAD');
  }

  async read(layers: string) {
    await writeFile(this.specFile, `${head}layers:\n${layers}\n`);
    const loaded = await loadSpec(this.specFile);
    return { loaded, spec: parseSpec(loaded.text, this.specFile, () => undefined) };
  }

  /** What `ingot lock` does for the layers of a spec before it locks packages. */
  async fetch(
    layers: string,
    lock?: Lock,
    update?: 'all' | readonly string[],
  ): Promise<readonly LockedLayer[]> {
    const { loaded, spec } = await this.read(layers);
    return await fetchLayers(this.host, {
      ...{ loaded, spec, lock, update, pool: this.pool, signal: new AbortController().signal },
      onLine: (line) => this.lines.push(line),
    });
  }

  /** The lock that has fixed these layers of a spec, also next to the spec. */
  async lock(layers: string, locked: readonly LockedLayer[]): Promise<Lock> {
    const { loaded, spec } = await this.read(layers);
    const origins = layerSources(spec, loaded.folder).map(({ origin }) => origin);
    const { question } = sampleLock();
    const lock = withLayers(sampleLock({}, { question: { ...question, layers: origins } }), locked);
    await writeLock(this.specFile, lock);
    return lock;
  }
}
