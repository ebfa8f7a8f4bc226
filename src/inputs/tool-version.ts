/** The version of ingot, as in package.json; a test compares the two. */
export const toolVersion = '0.1.0';
