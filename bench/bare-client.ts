import ocppRpc from 'ocpp-rpc';

/** What {@link bareClient} gives: `ocpp-rpc`'s client, connected. */
export interface BareClient {
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** A client of the library `ocpp-rpc` with its defaults, which echoes what a DataTransfer brings. */
export async function bareClient(port: number): Promise<BareClient> {
  const client = new ocppRpc.RPCClient({
    endpoint: `ws://127.0.0.1:${port}`,
    identity: 'bench',
    protocols: ['ocpp1.6'],
    password: null,
    reconnect: true,
    maxReconnects: Number.POSITIVE_INFINITY,
    callTimeoutMs: 60_000,
    callConcurrency: 1,
    pingIntervalMs: 30_000,
    deferPingsOnActivity: false,
    respondWithDetailedErrors: false,
    strictMode: false,
    strictModeValidators: [],
    maxBadMessages: Number.POSITIVE_INFINITY,
    wsOpts: {},
    headers: {},
    backoff: { initialDelay: 1000, maxDelay: 10_000, factor: 2, randomisationFactor: 0.25 },
  });
  client.handle('DataTransfer', async ({ params }) => ({ status: 'Accepted', data: params?.data }));
  await client.connect();
  return { call: (action, payload) => client.call(action, payload), close: () => client.close({}) };
}
