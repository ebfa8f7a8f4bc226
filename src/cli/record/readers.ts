import { InvalidArgumentError } from 'commander';

/** Returns a reader for an option whose value is a whole number from least to most. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
    return number;
  };

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads a duration such as 30s, 15m, 2h or 1d; returns seconds. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  const found = Number(number) * (units[unit] ?? 1);
  if (!(found > 0)) throw new InvalidArgumentError('It has to be a time such as 30s, 15m, 2h or 1d.');
  return found;
}

/** Reads names that are separated by commas. */
export const commaNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

/** Collects the values of an option that is given several times. */
export const repeated = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];
