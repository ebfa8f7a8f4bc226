import { sizeText } from '../../diff/report-parts.ts';
import { percent } from './texts.ts';
import { drawable, type Group, type Rectangle, sizeOf, squarified } from './treemap.ts';

export interface TreemapProps {
  /** What the drawing shows, in one sentence. */
  readonly label: string;
  readonly groups: readonly Group[];
  /** The name of several small leaves together. */
  readonly rest: (count: number) => string;
}

/** A drawing for wide and one for narrow windows and paper. Widths are as a share, so each fits its window. */
const shapes = [
  { name: 'wide', width: 1160, height: 480, least: 0.002 },
  { name: 'narrow', width: 440, height: 620, least: 0.006 },
] as const;

const heading = 20;
const colours = 8;

/** A name inside its rectangle. What does not fit is cut by the nested drawing. */
function Name({
  at,
  text,
  strong,
}: {
  readonly at: Rectangle;
  readonly text: string;
  readonly strong?: boolean;
}) {
  if (at.height < 15 || at.width < 26) return null;
  return (
    <text x="4" y="14" {...(strong === true ? { class: 'group-name' } : {})}>
      {text}
    </text>
  );
}

function Drawing({ label, groups, rest, shape }: TreemapProps & { readonly shape: (typeof shapes)[number] }) {
  const { width, height, least } = shape;
  const shown = drawable(groups, least, rest).map((group) => ({ ...group, size: sizeOf(group.leaves) }));
  const box = ({ x, width: wide }: Rectangle) => ({ x: percent(x, width), width: percent(wide, width) });
  return (
    <svg class={shape.name} role="img" aria-label={label} width="100%" height={height}>
      {squarified(shown, { x: 0, y: 0, width, height }).map(({ item, at }, index) => {
        const headed = at.height > 3 * heading && at.width > 60;
        const top = headed ? heading : 0;
        const inner = { ...at, y: at.y + top, height: at.height - top };
        const fill = `cell t${index % colours}`;
        return (
          <>
            {headed ? (
              <svg {...box(at)} y={at.y} height={heading}>
                <title>{`${item.name}: ${sizeText(item.size)}`}</title>
                <Name at={{ ...at, height: heading }} text={`${item.name} ${sizeText(item.size)}`} strong />
              </svg>
            ) : null}
            {squarified(item.leaves, inner).map(({ item: leaf, at: place }) => (
              <svg {...box(place)} y={place.y} height={place.height}>
                <title>{`${item.name}: ${leaf.name}, ${sizeText(leaf.size)}`}</title>
                <rect class={fill} width="100%" height="100%" />
                <Name at={place} text={leaf.name} />
                {place.height < 32 ? null : (
                  <text class="soft-text" x="4" y="29">
                    {place.width < 56 ? '' : sizeText(leaf.size)}
                  </text>
                )}
              </svg>
            ))}
          </>
        );
      })}
    </svg>
  );
}

/** A treemap of sizes: one colour for each group. The page has the same sizes as a table. */
export function Treemap(props: TreemapProps) {
  return (
    <figure>
      {shapes.map((shape) => (
        <Drawing {...props} shape={shape} />
      ))}
    </figure>
  );
}
