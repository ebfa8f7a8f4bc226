/** Seconds for people, in tenths: `12.3 s`. */
export function secondsText(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
