import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { IngotError } from '../../host/ingot-error.ts';
import { userCacheFolder } from '../../host/user-folder.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';

const schema = z.object({
  schema: z.literal(1),
  /** Everything that the upload was asked for; another request cannot continue it. */
  request: z.string(),
  /** Marks everything in the account that belongs to this upload, and makes each request of it count only once. */
  token: z.uuid(),
  snapshot: z.string().optional(),
  /** Whether AWS has all blocks and has compared their checksum. */
  complete: z.boolean(),
  /** Index of a block that AWS has → its SHA-256 in Base64. */
  blocks: z.record(z.string(), z.string()),
  /** The regions in which something of the upload may be. */
  regions: z.array(z.string()),
});

/** How far an upload is, and what of it may be in the account. */
export type UploadRecord = z.infer<typeof schema>;

/** The folder of the states of uploads that did not end: a sealed version's folder is never written to. */
export function defaultStateFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(userCacheFolder(env, '--state FOLDER'), 'ingot/ami');
}

/** Seconds between two writes of the state while blocks are uploaded. */
const writeEveryMs = 1000;

/** The state of one upload in its file, which exists only while something in the account is not finished. */
export class UploadState {
  readonly file: string;
  readonly #folder: string;
  readonly #now: () => number;
  #record: UploadRecord | undefined;
  #writing: Promise<void> = Promise.resolve();
  #written = 0;

  private constructor(folder: string, name: string, now: () => number) {
    this.#folder = folder;
    this.file = join(folder, `${name}.json`);
    this.#now = now;
  }

  /**
   * Opens the state of an upload.
   * @param folder absolute
   * @param name of the image and its region; a file name
   * @throws IngotError unusable-folder for a file that is not a state
   */
  static async open(folder: string, name: string, now: () => number): Promise<UploadState> {
    const state = new UploadState(folder, name, now);
    const text = await readFile(state.file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) state.#record = state.#parse(text);
    return state;
  }

  #parse(text: string): UploadRecord {
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new IngotError({
        code: 'unusable-folder',
        message: `${this.file} is not the state of an upload, or is damaged`,
        hint: 'remove it; what its upload left in the account has the tag ingot:upload (aws ec2 describe-snapshots --owner-ids self --filters Name=tag-key,Values=ingot:upload)',
        cause,
      });
    }
  }

  /** The state of an upload that did not end; undefined if there is none. */
  get record(): UploadRecord | undefined {
    return this.#record;
  }

  /** Begins an upload, or continues one, and returns its state. */
  async begin(request: string, region: string): Promise<UploadRecord> {
    this.#record ??= {
      ...{ schema: 1, request, token: randomUUID(), complete: false, blocks: {}, regions: [region] },
    };
    await this.write();
    return this.#record;
  }

  /** Forgets the snapshot and its blocks: the upload begins again, with a new token. */
  async startOver(): Promise<UploadRecord> {
    const { request, regions } = this.#require();
    this.#record = { schema: 1, request, token: randomUUID(), complete: false, blocks: {}, regions };
    await this.write();
    return this.#record;
  }

  #require(): UploadRecord {
    if (this.#record === undefined) throw new Error('the upload has not begun');
    return this.#record;
  }

  /** Changes the state and writes it before anything else is done. */
  async change(change: Partial<UploadRecord>): Promise<void> {
    this.#record = { ...this.#require(), ...change };
    await this.write();
  }

  /** Notes that AWS has a block. The file follows within a second: to send a block again does no harm. */
  hasBlock(index: number, checksum: string): void {
    this.#require().blocks[String(index)] = checksum;
    if (this.#now() - this.#written < writeEveryMs) return;
    this.#written = this.#now();
    void this.write().catch(() => undefined);
  }

  /** Writes the state; writes follow each other. */
  async write(): Promise<void> {
    const next = this.#writing.then(async () => {
      if (this.#record === undefined) return;
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWholeFile(this.file, `${JSON.stringify(this.#record)}\n`);
    });
    this.#writing = next.catch(() => undefined);
    await next;
  }

  /** Removes the file: nothing in the account is unfinished. */
  async remove(): Promise<void> {
    this.#record = undefined;
    await this.#writing;
    await rm(this.file, { force: true });
  }
}
