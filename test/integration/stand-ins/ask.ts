/** An HTTP answer: its status and its JSON. */
type Answer<T> = { status: number; body: T };

/** Sends a request to 127.0.0.1:port and returns the JSON; follows no redirect. */
export async function ask<T>(port: number, path: string, method = 'GET', body?: object): Promise<Answer<T>> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    redirect: 'manual',
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: reply.status, body: (await reply.json()) as T };
}

/** The numbers of /metrics/snapshot. */
export async function metrics(port: number): Promise<Record<string, number>> {
  return (await ask<Record<string, number>>(port, '/metrics/snapshot')).body;
}
