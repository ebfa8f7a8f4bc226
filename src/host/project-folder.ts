import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** ingot's own folder, that of package.json: images/ and templates/ lie in it. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
