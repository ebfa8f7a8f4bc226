/** Something with a size. */
export interface Sized {
  readonly size: number;
}

/** A rectangle of a drawing, in its units. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The worst ratio of the sides in a row of areas along a side. */
function worst(areas: readonly number[], side: number): number {
  const sum = areas.reduce((all, one) => all + one, 0);
  const [most, least] = [Math.max(...areas), Math.min(...areas)];
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * Divides a rectangle into one for each size, with areas in proportion and as square as possible (Bruls, Huizing and
 * van Wijk, "Squarified Treemaps", 2000).
 * @param items the largest first; every size is above 0
 */
export function squarified<T extends Sized>(
  items: readonly T[],
  into: Rectangle,
): { readonly item: T; readonly at: Rectangle }[] {
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const scale = (into.width * into.height) / total;
  const placed: { item: T; at: Rectangle }[] = [];
  let { x, y, width, height } = into;
  let begin = 0;
  while (begin < items.length) {
    const side = Math.min(width, height);
    const row: number[] = [];
    let end = begin;
    for (; end < items.length; end += 1) {
      const area = (items[end]?.size ?? 0) * scale;
      if (row.length > 0 && worst([...row, area], side) > worst(row, side)) break;
      row.push(area);
    }
    const sum = row.reduce((all, one) => all + one, 0);
    const thickness = side === 0 ? 0 : sum / side;
    const upright = width >= height;
    let offset = 0;
    for (const [index, item] of items.slice(begin, end).entries()) {
      const length = thickness === 0 ? 0 : (row[index] ?? 0) / thickness;
      placed.push({
        item,
        at: upright
          ? { x, y: y + offset, width: thickness, height: length }
          : { x: x + offset, y, width: length, height: thickness },
      });
      offset += length;
    }
    if (upright) [x, width] = [x + thickness, Math.max(0, width - thickness)];
    else [y, height] = [y + thickness, Math.max(0, height - thickness)];
    begin = end;
  }
  return placed;
}

export interface Leaf extends Sized {
  readonly name: string;
}

export interface Group {
  readonly name: string;
  readonly leaves: readonly Leaf[];
}

export const sizeOf = (some: readonly Sized[]): number => some.reduce((sum, { size }) => sum + size, 0);

const bySize = (a: Leaf, b: Leaf): number => b.size - a.size || (a.name < b.name ? -1 : 1);

/**
 * Prepares groups for a drawing: the largest first, the smallest leaves of a group as one, so that nothing is drawn
 * that nobody could see.
 * @param least the smallest share of the whole that is drawn by itself
 * @param rest the name of several leaves together
 */
export function drawable(groups: readonly Group[], least: number, rest: (count: number) => string): Group[] {
  const whole = sizeOf(groups.flatMap(({ leaves }) => leaves));
  return groups
    .map(({ name, leaves }) => {
      const all = leaves.filter(({ size }) => size > 0).toSorted(bySize);
      const large = all.filter(({ size }) => size >= whole * least);
      const small = all.slice(large.length);
      const together = { name: rest(small.length), size: sizeOf(small) };
      const shown = small.length < 2 ? all : [...large, together];
      return { name, leaves: shown.toSorted(bySize) };
    })
    .filter(({ leaves }) => leaves.length > 0)
    .toSorted((a, b) => sizeOf(b.leaves) - sizeOf(a.leaves));
}
