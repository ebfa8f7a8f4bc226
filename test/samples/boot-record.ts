/** A boot.json of a version that was made before ingot wrote its origin, with what a test wants to be different. */
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
