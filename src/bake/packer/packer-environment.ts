/**
 * What Packer gets beside the host's fixed environment.
 * PACKER_LOG without a path: the debug log goes to stderr, hence through our reader, which takes the secrets out; with
 * PACKER_LOG_PATH Packer would write them to the file itself.
 */
export function packerEnvironment(
  temporary: string,
  cache: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    CHECKPOINT_DISABLE: '1',
    HOME: temporary,
    PACKER_CACHE_DIR: cache,
    PACKER_LOG: '1',
    PACKER_NO_COLOR: '1',
    ...more,
    // Last: it is also the mark by which a run's processes are found again.
    TMPDIR: temporary,
  };
}
