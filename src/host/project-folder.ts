import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** ingot's own folder, the one of package.json; it contains images/ and templates/. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
