/** The format that curl prints for each transfer, and that wholeTransfers() reads. */
export const transferFormat = '%{http_code} %{size_download}\\n';

/**
 * How many of the transfers that curl printed were whole.
 * @param bytes size of a complete transfer; status 200 does not prove that a transfer was complete
 */
export function wholeTransfers(printed: string, bytes: number): number {
  return printed.split('\n').filter((line) => line === `200 ${bytes}`).length;
}

/**
 * How many of so many clients each of some processes is, as evenly as can be: curl carries at most 300 transfers at
 * once.
 */
export function sharedOut(clients: number, cores: number, most = 250): readonly number[] {
  const processes = Math.max(Math.ceil(clients / most), Math.min(clients, cores));
  return Array.from(
    { length: processes },
    (_, index) => Math.floor(clients / processes) + (index < clients % processes ? 1 : 0),
  );
}
