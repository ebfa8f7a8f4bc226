/** "4,997". */
export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 package", "4,997 packages". */
export const countText = (value: number, noun: string): string =>
  `${numberText(value)} ${noun}${value === 1 ? '' : 's'}`;
