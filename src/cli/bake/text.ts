import type { bakeShape } from '../shapes/small-shapes.ts';
import type { DocumentOf } from '../shared/json-text.ts';
import { jsonText } from '../shared/json-text.ts';

/** An image of the store, and whether this bake published it. */
type BakedImage = DocumentOf<typeof bakeShape>['images'][number];

/** The images as a document has them. */
export const imagesData = (images: readonly BakedImage[]): BakedImage[] =>
  images.map(({ role, version, folder, published, dev }) => ({
    ...{ role, version, folder, published },
    ...(dev === undefined ? {} : { dev }),
  }));

/** What `ingot bake` prints on stdout: the folder of each image on a line, or a document. */
export function foldersText(images: readonly BakedImage[], json: boolean): string {
  if (!json) return images.map(({ folder }) => `${folder}\n`).join('');
  return jsonText<typeof bakeShape>({ schema: 1, images: imagesData(images) });
}
