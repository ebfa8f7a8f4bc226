/** The two scripts of a step. */
export type StepScript = 'do.sh' | 'assert.sh';

/** An event without its time. `build` is a name of the expected builds, e.g. `qemu.master`. */
export type BakeHappening =
  | { readonly type: 'bake-begins'; readonly builds: readonly string[] }
  | { readonly type: 'guest-boots'; readonly build: string }
  /** The last line of the guest's serial console while SSH does not answer yet. */
  | { readonly type: 'console'; readonly build: string; readonly text: string }
  | { readonly type: 'ssh-answers'; readonly build: string; readonly seconds: number }
  | { readonly type: 'step-begins'; readonly build: string; readonly step: string }
  | { readonly type: 'step-done'; readonly build: string; readonly step: string; readonly seconds: number }
  | {
      readonly type: 'step-failed';
      readonly build: string;
      readonly step: string;
      readonly seconds: number;
      readonly exitCode: number;
      readonly script: StepScript;
    }
  | { readonly type: 'exporting'; readonly build: string }
  | { readonly type: 'exported'; readonly build: string; readonly bytes: number }
  | { readonly type: 'artifact'; readonly build: string }
  /**
   * A line for people. say: what Packer itself is doing; message: a provisioner's stdout; error: its stderr, or an
   * error of Packer.
   */
  | {
      readonly type: 'line';
      readonly build: string | undefined;
      readonly kind: 'say' | 'message' | 'error';
      readonly text: string;
    }
  | { readonly type: 'build-done'; readonly build: string }
  | { readonly type: 'build-failed'; readonly build: string; readonly message: string }
  | {
      readonly type: 'bake-done';
      readonly result: 'done' | 'failed' | 'interrupted';
      readonly seconds: number;
    };

/**
 * An event of a bake, with the time of receipt in milliseconds since 1970 (Packer's own timestamps are whole seconds).
 */
export type BakeEvent = BakeHappening & { readonly at: number };

/** Formats an event as a line of NDJSON, without the newline; `at` and `type` come first for readability. */
export function eventLine({ at, type, ...rest }: BakeEvent): string {
  return JSON.stringify({ at, type, ...rest });
}
