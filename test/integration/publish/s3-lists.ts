/** An upload in parts that a double of S3 has. */
export interface BegunParts {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly withChecksums: boolean;
  /** When it was begun; milliseconds since 1970. */
  begun: number;
  readonly parts: Map<
    number,
    { readonly bytes: Buffer; readonly etag: string; readonly checksum: string | undefined }
  >;
}

const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
/** Entries in one answer, so that readers have to follow to the next. */
const inOneAnswer = 2;

/** The answer of ListMultipartUploads. */
export function uploadsText(uploads: ReadonlyMap<string, BegunParts>, query: URLSearchParams): string {
  const [key, id] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const all = [...uploads]
    .filter(([, upload]) => upload.key.startsWith(query.get('prefix') ?? ''))
    .sort(([a, one], [b, other]) => (`${one.key}\0${a}` < `${other.key}\0${b}` ? -1 : 1))
    .filter(([uploadId, upload]) => upload.key > key || (upload.key === key && uploadId > id));
  const some = all.slice(0, inOneAnswer);
  const [lastId, last] = some.at(-1) ?? [];
  const more =
    all.length > inOneAnswer && last !== undefined
      ? `<IsTruncated>true</IsTruncated><NextKeyMarker>${encoded(last.key)}</NextKeyMarker><NextUploadIdMarker>${lastId ?? ''}</NextUploadIdMarker>`
      : '<IsTruncated>false</IsTruncated>';
  const texts = some.map(
    ([uploadId, upload]) =>
      `<Upload><Key>${encoded(upload.key)}</Key><UploadId>${uploadId}</UploadId><Initiator><ID>x</ID></Initiator><Initiated>${new Date(upload.begun).toISOString()}</Initiated></Upload>`,
  );
  return `<?xml version="1.0"?>\n<ListMultipartUploadsResult>${more}${texts.join('')}</ListMultipartUploadsResult>`;
}

/** The answer of ListParts. */
export function partsText(upload: BegunParts, marker: number): string {
  const all = [...upload.parts].sort(([one], [other]) => one - other).filter(([number]) => number > marker);
  const some = all.slice(0, inOneAnswer);
  const parts = some.map(
    ([number, { bytes, etag, checksum }]) =>
      `<Part><PartNumber>${String(number)}</PartNumber><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${String(bytes.length)}</Size>${checksum === undefined ? '' : `<ChecksumSHA256>${checksum}</ChecksumSHA256>`}</Part>`,
  );
  const more =
    all.length > inOneAnswer
      ? `<IsTruncated>true</IsTruncated><NextPartNumberMarker>${String(some.at(-1)?.[0])}</NextPartNumberMarker>`
      : '<IsTruncated>false</IsTruncated>';
  return `<ListPartsResult>${more}${parts.join('')}</ListPartsResult>`;
}
