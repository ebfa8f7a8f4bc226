/**
 * Sets the day of the last password change (third field of shadow(5), days since 1970) to that of `epoch` (seconds
 * since 1970) if it is later: packages that create accounts write the day of the build.
 */
export function clampShadowDays(shadow: string, epoch: number): string {
  const day = Math.floor(epoch / 86_400);
  return shadow
    .split('\n')
    .map((line) => {
      const fields = line.split(':');
      if (fields.length < 3 || !/^[0-9]+$/.test(fields[2] ?? '') || Number(fields[2]) <= day) return line;
      return [...fields.slice(0, 2), String(day), ...fields.slice(3)].join(':');
    })
    .join('\n');
}
