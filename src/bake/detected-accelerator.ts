import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { type Accelerator, detectAccelerator } from '../vm/accelerator.ts';
import { hostMemory } from '../vm/accelerator-memory.ts';
import type { BuildRequest } from './bake-request.ts';

/**
 * Determines how guests run on this host. The first guest triggers a test with a kernel of the bake; later guests use
 * its result.
 */
export class DetectedAccelerator {
  readonly #detect: (kernel: string) => Promise<Accelerator>;
  #detected: Promise<Accelerator> | undefined;
  #reason = 'no guest had to run';

  constructor(
    host: Host,
    { out, accelerator }: Pick<BuildRequest, 'out' | 'accelerator'>,
    progress: ProgressStage,
  ) {
    const memory = hostMemory(process.env, join(out, 'runs'));
    this.#detect = async (kernel) => {
      const found = await detectAccelerator(host, kernel, memory, accelerator);
      progress.begin(found.reason).end('done');
      this.#reason = found.reason;
      return found.accelerator;
    };
  }

  /**
   * @param kernel absolute path of the kernel to boot for the test
   */
  async with(kernel: string): Promise<Accelerator> {
    return (this.#detected ??= this.#detect(kernel));
  }

  /** Why guests run this way. */
  get reason(): string {
    return this.#reason;
  }
}
