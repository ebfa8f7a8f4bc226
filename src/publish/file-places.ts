import type { Place } from './place.ts';

/** Places that hold files under paths: a folder, an rsync server, a bucket. */
export const filePlaces: readonly Place[] = [
  {
    scheme: 's3',
    example: 's3://bucket/images',
    publish: async (host, request) => (await import('./s3/s3-place.ts')).publishToBucket(host, request),
  },
  {
    scheme: 'rsync',
    example: 'rsync://server.example/boot or server.example:/srv/boot',
    publish: async (host, request) =>
      (await import('./rsync/rsync-place.ts')).publishWithRsync(host, request),
  },
  {
    scheme: '',
    example: '/srv/boot',
    publish: async (_, request) => (await import('./folder/folder-place.ts')).publishToFolder(request),
  },
];
