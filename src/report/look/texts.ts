/** Formats seconds: "0.3 s", "45.0 s", "2 min 05 s", "1 h 02 min". */
export function measuredTimeText(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Formats a time as people read it, in UTC: "2026-11-30 16:00 UTC"; a text that is not a time stays as it is. */
export function momentText(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A share of a whole as an SVG length in percent, at most four digits after the point. */
export function percent(part: number, whole: number): string {
  return `${whole > 0 ? Number(((part / whole) * 100).toFixed(4)) : 0}%`;
}

/** Round steps for an axis that begins at 0: 0, 50, 100, … up to the end, at most `most` of them. */
export function axisSteps(end: number, most = 8): number[] {
  if (!(end > 0)) return [0];
  const rough = end / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
}
