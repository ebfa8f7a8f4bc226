/** The peak memory of this process so far, in bytes (getrusage(2), ru_maxrss). */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
