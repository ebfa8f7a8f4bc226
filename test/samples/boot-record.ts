/** A boot.json of a version from before ingot recorded its origin, with the changes of a test. */
export function bootRecord(different: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    schema: 1,
    role: 'slave',
    version: '20261122-aaaaaaaaaaaa',
    rootHash: 'a'.repeat(64),
    rootBytes: 1,
    kernelArguments: [],
    memoryMiB: 1024,
    ...different,
  };
}
