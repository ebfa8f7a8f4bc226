import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lock, packagesOf } from '../../../../src/inputs/lock/lock.ts';
import type { LockRequest, LockResult } from '../../../../src/inputs/lock-spec.ts';
import type { AptSource, Plan } from '../../../../src/inputs/plan/plan.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import {
  buildDeb,
  endKey,
  makeKey,
  publish,
  type Publishing,
  serve,
  type ToyDeb,
  type ToyKey,
  type ToyServer,
} from './toy-source.ts';

/** The packages of the source unless a test changes them; none of them is essential. */
export const offered: readonly ToyDeb[] = [
  { name: 'tool', version: '1.0-1', depends: 'libtool-one (= 1.0-1)' },
  { name: 'libtool-one', version: '1.0-1' },
  { name: 'zk', version: '3:3.8-1', depends: 'libtool-one' },
  { name: 'engine', version: '1.0-1' },
];
/** A newer version of each of them. */
export const newer: readonly ToyDeb[] = [
  { name: 'tool', version: '1.1-1', depends: 'libtool-one (= 1.1-1)' },
  { name: 'libtool-one', version: '1.1-1' },
  { name: 'zk', version: '3:3.9-1', depends: 'libtool-one' },
  { name: 'engine', version: '1.1-1' },
];

/** A folder with a key and a web server for a test file, and in it a source, a spec and a pool for each test. */
export class LockBench {
  readonly all: string;
  readonly server: ToyServer;
  readonly #key: ToyKey;
  #number = 0;

  private constructor(all: string, key: ToyKey, server: ToyServer) {
    this.all = all;
    this.#key = key;
    this.server = server;
  }

  static async open(): Promise<LockBench> {
    const all = await mkdtemp(join(tmpdir(), 'ingot-lock-'));
    return new LockBench(all, await makeKey(all), await serve(all));
  }

  async close(): Promise<void> {
    await this.server.close();
    await endKey(this.#key);
    await rm(this.all, { recursive: true, force: true });
  }

  /** The name of the test's source: its folder, and its path on the web server. */
  get site(): string {
    return `site-${this.#number}`;
  }

  get folder(): string {
    return join(this.all, `spec-${this.site}`);
  }

  get pool(): string {
    return join(this.all, `pool-${this.site}`);
  }

  get specFile(): string {
    return join(this.folder, 'cluster.yaml');
  }

  get lockFile(): string {
    return join(this.folder, 'cluster.lock.json');
  }

  /** Begins a test: a new source with the packages `offered`, and a folder for a spec with the .deb of Mesos. */
  async begin(): Promise<void> {
    this.#number += 1;
    await mkdir(this.folder);
    await buildDeb(this.folder, { name: 'mesos', version: '1.9.0-1', depends: 'libtool-one' });
    await this.offer(offered);
  }

  /** Replaces the packages of a source, by default the test's source. */
  offer(debs: readonly ToyDeb[], how?: Publishing, at = this.site): Promise<void> {
    return publish(join(this.all, at), this.#key, debs, how);
  }

  source(at = this.site, label?: string): AptSource {
    return {
      ...{ uris: [`${this.server.url}/${at}/`], suites: ['toy'], components: ['main'] },
      ...{ signedBy: this.#key.publicKey, ...(label === undefined ? {} : { label }) },
    };
  }

  plan(shared: readonly string[] = ['tool'], sources: readonly AptSource[] = [this.source()]): Plan {
    const made = toyPlan(sources, shared, [
      { name: 'mesos', from: join(this.folder, 'mesos_1.9.0-1_all.deb') },
    ]);
    const roles = made.roles.map((one) => ({
      ...one,
      packages: one.role === 'master' ? ['zk'] : ['engine'],
    }));
    return { ...made, roles };
  }

  lock(more: Partial<LockRequest> = {}): Promise<LockResult> {
    return lockIn(this.folder, this.plan(), { pool: this.pool, ...more });
  }

  /** The text of the lock file. */
  written(): Promise<string> {
    return readFile(this.lockFile, 'utf8');
  }

  hasLockFile(): boolean {
    return existsSync(this.lockFile);
  }

  /** The path of a package in the pool. */
  pooledFile(lock: Lock, name: string): string {
    return pooledPath(this.pool, packagesOf(lock).find((one) => one.name === name)?.sha256 ?? '');
  }
}
