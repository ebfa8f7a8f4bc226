/** An environment variable that ingot reads. */
export interface EnvironmentVariable {
  readonly name: string;
  /** What it sets, in one line; for the help and the manual page. */
  readonly sets: string;
  /** Whether the help of ingot omits it; the manual page and docs/environment.md never do. */
  readonly onlyInManual?: true;
}

/** Every environment variable that ingot itself reads; docs/environment.md has the same table. */
export const environment: readonly EnvironmentVariable[] = [
  { name: 'INGOT_ACCEL', sets: 'kvm or tcg: use this accelerator, whatever works on this host' },
  { name: 'INGOT_POOL', sets: 'folder of the package pool' },
  { name: 'INGOT_CACHE', sets: 'folder of the cache of stages' },
  { name: 'INGOT_CACHE_SIZE', sets: 'the maximum size of the cache (default: 20GiB)' },
  { name: 'INGOT_SIGNING_KEY', sets: 'the text of the private key to sign with' },
  {
    name: 'INGOT_STATE',
    sets: 'folder of what ingot remembers: the newest pointer of each channel that it read',
  },
  { name: 'NO_COLOR', sets: 'any value: messages without colours', onlyInManual: true },
  { name: 'TERM', sets: 'dumb: progress as plain lines', onlyInManual: true },
  {
    name: 'GITHUB_ACTIONS, GITLAB_CI',
    sets: 'true: groups in the log of this CI system',
    onlyInManual: true,
  },
  {
    name: 'SSH_CONNECTION, SSH_TTY',
    sets: 'set by sshd: progress is drawn less often',
    onlyInManual: true,
  },
  {
    name: 'XDG_CACHE_HOME',
    sets: 'your cache folder, in which the pool and the cache are by default (default: .cache in HOME)',
    onlyInManual: true,
  },
  {
    name: 'XDG_STATE_HOME',
    sets: 'your state folder, in which ingot remembers by default (default: .local/state in HOME)',
    onlyInManual: true,
  },
  { name: 'TMPDIR', sets: 'folder of temporary files (default: /tmp)', onlyInManual: true },
  {
    name: 'http_proxy, https_proxy, no_proxy',
    sets: 'the proxy through which packages are fetched',
    onlyInManual: true,
  },
  {
    name: 'DOCKER_CONFIG',
    sets: "folder of Docker's config.json with the logins of registries (default: .docker in HOME)",
    onlyInManual: true,
  },
  {
    name: 'SSL_CERT_FILE, NODE_EXTRA_CA_CERTS',
    sets: "files with the authorities of registries: in place of the system's, and more",
    onlyInManual: true,
  },
  {
    name: 'SSH_AUTH_SOCK',
    sets: 'the ssh agent of ingot drift and publish, and of layers from git',
    onlyInManual: true,
  },
  {
    name: 'RSYNC_PASSWORD, RSYNC_RSH, RSYNC_PROXY',
    sets: 'rsync(1): how ingot publish reaches an rsync server',
    onlyInManual: true,
  },
  {
    name: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE',
    sets: 'the credentials of ingot publish ami and s3://…',
    onlyInManual: true,
  },
  {
    name: 'AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE',
    sets: 'the files with the profiles (default: .aws/credentials and .aws/config in HOME)',
    onlyInManual: true,
  },
  {
    name: 'AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL',
    sets: 'the region of AMIs and of S3 (its default: us-east-1), and the server of S3',
    onlyInManual: true,
  },
  {
    name: 'PACKER_PLUGIN_PATH, PACKER_CONFIG_DIR',
    sets: 'the folder of the plugins of Packer 1.7 and later (default: .config/packer/plugins in HOME)',
    onlyInManual: true,
  },
  {
    name: 'HOME, XDG_CONFIG_HOME',
    sets: 'where git finds your settings for layers from git',
    onlyInManual: true,
  },
];
