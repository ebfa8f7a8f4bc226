/** A port that members of the cluster talk to. */
export interface TlsPort {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly kind: 'mesos' | 'scheduler' | 'quorum';
}

const functions = `
ca=$root/run/ingot/tls/ca.pem
certificate=$root/run/ingot/secrets/tls-certificate
key=$root/run/ingot/secrets/tls-key
stranger=$(mktemp -d)
trap 'rm -rf "$stranger"' EXIT
wrong=0
say() { echo "$1"; wrong=1; }
ask() { curl -sS --max-time 20 -o /dev/null "$@" 2>/dev/null; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=stranger \\
  -keyout "$stranger/key" -out "$stranger/certificate" 2>/dev/null
answers() { # NAME ADDRESS PORT
  ask --cacert "$ca" --cert "$certificate" --key "$key" "https://$2:$3/" || say "$1 does not answer at port $3 by TLS with a certificate of the CA"
}
no_plain() {
  if ask "http://$2:$3/"; then say "$1 takes plain text at port $3"; fi
}
no_stranger() {
  if ask --cacert "$ca" "https://$2:$3/"; then say "$1 answers at port $3 without a certificate"; fi
  if ask --cacert "$ca" --cert "$stranger/certificate" --key "$stranger/key" "https://$2:$3/"; then say "$1 answers at port $3 to a certificate of nobody's"; fi
}
quorum() {
  timeout 20 openssl s_client -verify_return_error -CAfile "$ca" -cert "$certificate" -key "$key" -connect "$2:$3" </dev/null >/dev/null 2>&1 ||
    say "ZooKeeper on $1 does not speak TLS with a certificate of the CA at port $3"
  if timeout 20 openssl s_client -verify_return_error -CAfile "$ca" -cert "$stranger/certificate" -key "$stranger/key" -connect "$2:$3" -tls1_2 </dev/null >/dev/null 2>&1
  then say "ZooKeeper on $1 takes a certificate of nobody's at port $3"; fi
}`;

/** The checks for a port if the seed has this level of TLS (seed.tls.level). */
function checksOf(kind: TlsPort['kind'], level: string): readonly string[] {
  const closed = level === 'verify' || level === 'mutual';
  if (kind === 'quorum') return level === 'accept' ? [] : ['quorum'];
  // A scheduler's own port uses TLS once plain text is refused, and demands no client certificate.
  if (kind === 'scheduler') return closed ? ['answers', 'no_plain'] : [];
  return ['answers', ...(closed ? ['no_plain'] : []), ...(level === 'mutual' ? ['no_stranger'] : [])];
}

/**
 * A shell script (POSIX) for a node of the cluster. It checks each port, prints a line for everything that violates the
 * level, and then ends with status 1.
 * @param root the folder that contains /run/ingot of that node; a folder in tests
 */
export function tlsChecks(ports: readonly TlsPort[], level: string, root = ''): string {
  const checks = ports.flatMap(({ name, address, port, kind }) =>
    checksOf(kind, level).map((check) => `${check} ${name} ${address} ${port}`),
  );
  return `set -u\nroot='${root}'${functions}\n${checks.join('\n')}\nexit $wrong\n`;
}
