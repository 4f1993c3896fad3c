import { randomBytes } from 'node:crypto';
import type { Agent } from 'node:http';
import { deriveAssetId, type LibraryId, type Operation, type Sha256 } from '@everroll/protocol';
import type { EverrollReady } from './everroll-server.ts';
import { send } from './requests.ts';

/** The queue of one device of a server under measurement: it numbers what it sends, in order (rule M1). */
export class Outbox {
  readonly #agent: Agent;
  readonly #server: EverrollReady;
  readonly #token: string;
  #number = 0;

  constructor(agent: Agent, server: EverrollReady, session = 0) {
    this.#agent = agent;
    this.#server = server;
    this.#token = server.sessions[session]?.token ?? '';
  }

  /** Resolves with the `seq` of each when the server has committed them; throws where one was refused. */
  async do(...operations: readonly Operation[]): Promise<number[]> {
    const acknowledged = this.#number;
    const mutations = operations.map((operation) => ({ number: (this.#number += 1), id: randomBytes(16).toString('hex'), operation }));
    const body = Buffer.from(JSON.stringify({ epoch: this.#server.epoch, acknowledged, mutations }));
    const headers = { 'authorization': `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const { text } = await send(this.#agent, `${this.#server.url}/api/v1/libraries/${this.#server.library}/mutations`, 'POST', headers, body, [200]);
    const { results } = JSON.parse(text) as { results: { outcome: string; seq?: number }[] };
    if (results.some(({ outcome }) => outcome !== 'applied')) throw new Error(text);
    return results.map(({ seq }) => seq ?? 0);
  }
}

/** A photo whose original the server holds. */
export function addition(library: LibraryId, sha256: Sha256, bytes: number, name: string): Operation {
  return {
    op: 'asset.add',
    assetId: deriveAssetId(library, sha256),
    primary: sha256,
    resources: [{ role: 'photo', sha256, bytes, name, mediaType: 'image/jpeg' }],
    fields: { favourite: false, hidden: false, archived: false, caption: null, capture: { at: Date.UTC(2026, 0, 1), offsetMinutes: null }, place: null },
    again: false,
  };
}
