/**
 * Packer's environment, in addition to the host's fixed one. PACKER_LOG without a path: the debug log goes to stderr
 * and so through our reader, which removes secrets; with PACKER_LOG_PATH Packer itself would write them to a file.
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
    // Last, so that nothing overrides it: it also identifies the processes of a run.
    TMPDIR: temporary,
  };
}
