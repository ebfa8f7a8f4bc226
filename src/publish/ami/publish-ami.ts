import type { Image } from '@aws-sdk/client-ec2';
import { inParallel } from '../../host/in-parallel.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { SparseDisk } from './blocks.ts';
import { copyImage } from './copy-image.ts';
import { type AmiRequest, fingerprintOf, uploadTag } from './image-facts.ts';
import { awaitImage, presentImage, registerImage, registerInput, snapshotOf } from './images.ts';
import { type AwsAccess, AwsRegion, Interrupted } from './region.ts';
import { removeUpload } from './remove-upload.ts';
import { finishImage } from './share-image.ts';
import { awaitSnapshot, findSnapshots, startSnapshot } from './snapshots.ts';
import { type UploadRecord, UploadState } from './state.ts';
import { withUploadLock } from './upload-lock.ts';
import { type UploadFigures, uploadSnapshot } from './upload-snapshot.ts';

/** An image in one region. */
export interface RegionalImage {
  readonly region: string;
  readonly image: string;
  readonly snapshot: string;
}

export interface PublishedAmi {
  readonly name: string;
  /** Where it was uploaded, then the copies. */
  readonly images: readonly RegionalImage[];
  /** Undefined if the account had the image already. */
  readonly upload: UploadFigures | undefined;
}

/** One image to publish, and what that needs. */
export interface AmiWork {
  readonly request: AmiRequest;
  /** Absolute folder of the states of uploads. */
  readonly stateFolder: string;
  /** Passes the raw disk of the version to some work. */
  readonly withDisk: <T>(progress: ProgressStage, work: (disk: SparseDisk) => Promise<T>) => Promise<T>;
  readonly progress: ProgressStage;
  readonly signal: AbortSignal;
}

/** The name of the state of an upload. */
export const stateNameOf = ({ name, region }: Pick<AmiRequest, 'name' | 'region'>): string =>
  `${name.replace(/[^A-Za-z0-9._-]/g, '_')}.${region}`;

function otherRequest({ request, state }: { readonly request: AmiRequest; readonly state: UploadState }) {
  return new IngotError({
    code: 'wrong-usage',
    message: `an upload of ${request.name} to ${request.region} was interrupted, and had other options`,
    hint: `run the command with the options of before, or remove what it left with --discard; its state is ${state.file}`,
  });
}

/** One upload with everything that its steps share. */
class AmiUpload {
  readonly #work: AmiWork;
  readonly #state: UploadState;
  readonly #first: AwsRegion;
  readonly #copies: readonly AwsRegion[];

  constructor(work: AmiWork, state: UploadState, regions: readonly AwsRegion[]) {
    const [first, ...copies] = regions;
    if (first === undefined) throw new Error('there is no region');
    this.#work = work;
    this.#state = state;
    this.#first = first;
    this.#copies = copies;
  }

  async run(): Promise<PublishedAmi> {
    const { request, signal, progress } = this.#work;
    const present = await progress.stage('look for the image', () =>
      presentImage(this.#first, request, signal),
    );
    const record = await this.#state.begin(fingerprintOf(request), request.region);
    await this.#state.change({ regions: [request.region, ...request.copyTo] });
    const { image, upload } =
      present === undefined
        ? await this.#register(record)
        : { image: present.ImageId ?? '', upload: undefined };
    const first = await this.#finish(this.#first, image, progress);
    const copies = await inParallel(
      signal,
      this.#copies.map((region) => (stop: AbortSignal) => this.#copy(region, image, stop)),
    );
    await this.#state.remove();
    return { name: request.name, images: [first, ...copies], upload };
  }

  /** The snapshot that is to be continued; undefined if the upload has to begin. */
  async #continued(record: UploadRecord): Promise<string | undefined> {
    const { snapshot: id, token } = record;
    if (id === undefined) return undefined;
    const { signal } = this.#work;
    const [found] = await findSnapshots(this.#first, { id }, signal);
    if (found !== undefined && found.State !== 'error') return id;
    // AWS has given it up: no block came for an hour. It is removed, and the upload begins again.
    await removeUpload([this.#first], { token, snapshot: id }, signal);
    return undefined;
  }

  async #register(begun: UploadRecord): Promise<{ readonly image: string; readonly upload: UploadFigures }> {
    const { request, signal, progress } = this.#work;
    return this.#work.withDisk(progress, async (disk) => {
      const diskBytes = disk.bytes;
      const state = this.#state;
      let snapshot = await this.#continued(begun);
      if (snapshot === undefined && begun.snapshot !== undefined) await state.startOver();
      const { token } = state.record ?? begun;
      if (snapshot === undefined) {
        snapshot = await startSnapshot(this.#first, request, { diskBytes, token, signal });
        await state.change({ snapshot });
      }
      const id = snapshot;
      const upload = await progress.stage(`upload to ${request.region}`, (stage) =>
        uploadSnapshot(this.#first, { snapshot: id, disk, state, progress: stage, signal }),
      );
      await state.change({ complete: true });
      await progress.stage('wait for the snapshot', (stage) =>
        awaitSnapshot(this.#first, id, { signal, note: stage.note }),
      );
      const input = registerInput(request, { snapshot: id, diskBytes, token });
      const image = await progress.stage('register the image', () =>
        registerImage(this.#first, input, { token, signal }),
      );
      return { image, upload };
    });
  }

  async #finish(region: AwsRegion, image: string, progress: ProgressStage): Promise<RegionalImage> {
    const { request, signal } = this.#work;
    return progress.stage(`finish ${image} in ${region.name}`, async (stage) => {
      const found: Image = await awaitImage(region, image, { signal, note: stage.note });
      await finishImage(region, request, found, signal);
      return { region: region.name, image, snapshot: snapshotOf(found) ?? '' };
    });
  }

  async #copy(region: AwsRegion, image: string, signal: AbortSignal): Promise<RegionalImage> {
    const { request, progress } = this.#work;
    const token = this.#state.record?.token ?? '';
    return progress.stage(`copy to ${region.name}`, async (stage) => {
      const { note } = stage;
      const present = await presentImage(region, request, signal);
      const from = request.region;
      const copy =
        present?.ImageId ?? (await copyImage(region, request, { image, from, token, signal, note }));
      const found = await awaitImage(region, copy, { signal, note });
      await finishImage(region, request, found, signal);
      return { region: region.name, image: copy, snapshot: snapshotOf(found) ?? '' };
    });
  }
}

/** Removes everything of an upload that failed, and adds to the error what was removed and what is left. */
async function afterFailure(
  error: unknown,
  state: UploadState,
  regions: readonly AwsRegion[],
  progress: ProgressStage,
): Promise<unknown> {
  const { record } = state;
  if (record === undefined) return error;
  const { token, snapshot } = record;
  const { removed, left } = await progress.stage('remove what failed', () =>
    // Not the signal of the upload: what was begun is removed to its end.
    removeUpload(regions, { token, snapshot }, new AbortController().signal),
  );
  if (left.length === 0) await state.remove();
  if (!(error instanceof IngotError)) return error;
  const lines = [
    ...(removed.length === 0 ? [] : [`removed from the account: ${removed.join(', ')}`]),
    ...left.map((line) => `NOT removed: ${line}`),
  ];
  const { code, message, hint, cause } = error;
  const retry =
    left.length === 0 ? hint : `remove what is left with --discard; its tag is ${uploadTag}=${token}`;
  const excerpt = [...error.excerpt, ...lines];
  return new IngotError({ code, message, excerpt, cause, ...(retry === undefined ? {} : { hint: retry }) });
}

const openRegions = (access: AwsAccess, names: readonly string[]): AwsRegion[] =>
  [...new Set(names)].map((name) => new AwsRegion(access, name));

async function withState<T>(
  { name, region }: Pick<AmiRequest, 'name' | 'region'>,
  { stateFolder, now }: { readonly stateFolder: string; readonly now: () => number },
  work: (state: UploadState) => Promise<T>,
): Promise<T> {
  const stateName = stateNameOf({ name, region });
  return withUploadLock(`${stateFolder}/${stateName}.lock`, async () =>
    work(await UploadState.open(stateFolder, stateName, now)),
  );
}

/**
 * Publishes one image: uploads its disk, registers it, copies, shares and deprecates it. An image that the account has
 * already is not uploaded again. When AWS refuses something, everything that this upload made is removed. When the work
 * is interrupted, the connection is lost or credentials expire, it stays, and the same command continues.
 * @throws Interrupted; IngotError publish-failed with what was removed
 */
export async function publishAmi(access: AwsAccess, work: AmiWork): Promise<PublishedAmi> {
  const { request, progress, signal } = work;
  const now = () => access.clock.now();
  return withState(request, { stateFolder: work.stateFolder, now }, async (state) => {
    if (state.record !== undefined && state.record.request !== fingerprintOf(request))
      throw otherRequest({ request, state });
    const regions = openRegions(access, [request.region, ...request.copyTo]);
    try {
      return await new AmiUpload(work, state, regions).run();
    } catch (error) {
      if (signal.aborted || error instanceof Interrupted) throw error;
      throw await afterFailure(error, state, regions, progress);
    } finally {
      for (const region of regions) region.close();
    }
  });
}

/**
 * Removes what an interrupted upload has left in the account, and its state.
 * @returns the lines to show
 * @throws IngotError publish-failed if something could not be removed
 */
export async function discardUpload(
  access: AwsAccess,
  { request, stateFolder, signal }: Pick<AmiWork, 'request' | 'stateFolder' | 'signal'>,
): Promise<readonly string[]> {
  const now = () => access.clock.now();
  return withState(request, { stateFolder, now }, async (state) => {
    const { record } = state;
    if (record === undefined) return [`no upload of ${request.name} to ${request.region} was interrupted`];
    const { token, snapshot } = record;
    const regions = openRegions(access, record.regions);
    try {
      const { removed, left } = await removeUpload(regions, { token, snapshot }, signal);
      if (left.length > 0)
        throw new IngotError({
          code: 'publish-failed',
          message: `not everything of the upload of ${request.name} could be removed`,
          excerpt: left,
          hint: `run the command again; what is left has the tag ${uploadTag}=${token}`,
        });
      await state.remove();
      return removed.length === 0
        ? ['nothing of it was in the account']
        : removed.map((id) => `removed ${id}`);
    } finally {
      for (const region of regions) region.close();
    }
  });
}
