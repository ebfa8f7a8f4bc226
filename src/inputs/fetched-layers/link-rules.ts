import { TreeFault } from './tree-fault.ts';

/** Files of rootfs/ that ingot itself reads on the build host, and the folders above them. */
const readHere = /^(?:usr(?:\/lib(?:\/(?:ingot|sysusers\.d)(?:\/.*)?)?)?)$/;
const mountUnit = /\/systemd\/system\/[^/]+\.mount$/;

/**
 * Explains why a symbolic link may not be in a fetched layer; undefined if it may. Links in rootfs/ are links of a node,
 * and an absolute target is one of the node. Links anywhere else would be followed on the build host.
 * @param path in the layer
 */
export function whyNoLink(path: string, target: string): TreeFault | undefined {
  const [, inRootfs] = /^(?:(?:common|master|slave)\/)?rootfs\/(.+)$/.exec(path) ?? [];
  const shown = `${path} -> ${JSON.stringify(target)}`;
  if (inRootfs === undefined)
    return new TreeFault(
      `the link ${shown} is outside of rootfs/`,
      'the file itself: links are only in rootfs/',
    );
  if (target === '' || /[\p{Cc}\uFFFD]/u.test(target) || Buffer.byteLength(target) > 4095)
    return new TreeFault(`the target of the link ${shown} cannot be used`, 'a path on a node');
  const masks = target === '/dev/null';
  if (readHere.test(inRootfs) || (mountUnit.test(`/${inRootfs}`) && !masks))
    return new TreeFault(`the link ${shown} is where ingot reads files on the build host`, 'the file itself');
  if (!target.startsWith('/')) {
    let depth = inRootfs.split('/').length - 1;
    for (const part of target.split('/')) {
      if (part === '..') depth -= 1;
      else if (part !== '' && part !== '.') depth += 1;
      if (depth < 0)
        return new TreeFault(
          `the link ${shown} leads out of rootfs/`,
          'a target in rootfs/, or an absolute path on a node',
        );
    }
  }
  return undefined;
}
