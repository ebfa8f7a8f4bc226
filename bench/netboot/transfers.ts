/** The format in which curl prints each transfer, and which completeTransfers() reads. */
export const transferFormat = '%{http_code} %{size_download}\\n';

/**
 * Counts the complete transfers in the output of curl.
 * @param bytes size of a complete transfer; status 200 does not prove that a transfer was complete
 */
export function completeTransfers(printed: string, bytes: number): number {
  return printed.split('\n').filter((line) => line === `200 ${bytes}`).length;
}

/**
 * Spreads clients evenly over processes of curl.
 * @param most the maximum for one process; curl runs at most 300 transfers at once
 * @returns the number of clients of each process
 */
export function clientsPerProcess(clients: number, cores: number, most = 250): readonly number[] {
  const processes = Math.max(Math.ceil(clients / most), Math.min(clients, cores));
  return Array.from(
    { length: processes },
    (_, index) => Math.floor(clients / processes) + (index < clients % processes ? 1 : 0),
  );
}
