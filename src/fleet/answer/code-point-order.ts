/** Compares texts by code points, as Python does; JavaScript's own order is by UTF-16 units. */
export function byCodePoint(a: string, b: string): number {
  for (let at = 0; ;) {
    const [one, other] = [a.codePointAt(at), b.codePointAt(at)];
    if (one === undefined || other === undefined)
      return (one === undefined ? 0 : 1) - (other === undefined ? 0 : 1);
    if (one !== other) return one - other;
    at += one > 0xffff ? 2 : 1;
  }
}
