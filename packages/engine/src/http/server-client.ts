import { ChangesPage, KnownResponse, MutationsResponse, ReportAnswer, Session, SettingsDocument } from '@everroll/protocol';
import type { Result } from '../ports/failure.ts';
import type { ServerClient } from '../ports/server-client.ts';
import { type Schema, readJson } from './answer.ts';
import { type Call, type Connection, faultOf } from './connection.ts';
import { download } from './downloads.ts';
import { fetchPreview } from './previews.ts';
import { askSnapshot } from './snapshot.ts';
import { appendUpload, createUpload } from './uploads.ts';

/** The port `ServerClient` over HTTP. */
export function httpServerClient(connection: Connection): ServerClient {
  const ask = <T>(schema: Schema<T>, call: Call): Promise<Result<T>> => askFor(connection, schema, call);
  return {
    session: (signal) => ask(Session, { method: 'GET', path: '/api/v1/session', signal }),
    changes: (library, { epoch, seq, incarnations, told, generation }, signal) => {
      // Names and places apart: a server of an earlier version takes the names alone, and lets the rest be.
      const seen = incarnations.length === 0 ? '' : `&incarnations=${incarnations.map(({ by }) => by ?? 'none').join(',')}&read=${incarnations.map(({ seq: upTo }) => upTo).join(',')}`;
      // The last one by itself, for the same reason.
      const placed = told.map(({ seq: place, by }) => `${place}:${by ?? 'none'}`);
      const beyond = `${placed.length === 0 ? '' : `&answered=${placed.at(-1)}`}${placed.length > 1 ? `&told=${placed.slice(0, -1).join(',')}` : ''}`;
      return ask(ChangesPage, { method: 'GET', path: `/api/v1/libraries/${library}/changes?epoch=${epoch}&after=${seq}${seen}${beyond}${generation === 0 ? '' : `&generation=${generation}`}`, signal });
    },
    snapshot: (library, next, signal) => askSnapshot(connection, library, next, signal),
    mutate: (library, request, signal) => ask(MutationsResponse, { method: 'POST', path: `/api/v1/libraries/${library}/mutations`, json: request, repeatable: true, signal }),
    known: (library, hashes, signal) => ask(KnownResponse, { method: 'POST', path: `/api/v1/libraries/${library}/resources/known`, json: { hashes }, repeatable: true, signal }),
    verified: (library, hashes, signal) => ask(KnownResponse, { method: 'POST', path: `/api/v1/libraries/${library}/resources/known`, json: { hashes, verify: true }, repeatable: true, signal }),
    preview: (library, asset, signal) => fetchPreview(connection, library, asset, signal),
    createUpload: (resource, body, signal) => createUpload(connection, resource, body, signal),
    appendUpload: (upload, offset, length, body, signal) => appendUpload(connection, upload, offset, length, body, signal),
    report: (device, request, signal) => ask(ReportAnswer, { method: 'PUT', path: `/api/v1/devices/${device}/status`, json: request, signal }),
    settings: (device, signal) => ask(SettingsDocument, { method: 'GET', path: `/api/v1/devices/${device}/settings`, signal }),
    changeSettings: (device, change, signal) => ask(SettingsDocument, { method: 'PATCH', path: `/api/v1/devices/${device}/settings`, json: change, signal }),
    download: (library, sha256, from, signal) => download(connection, library, sha256, from, signal),
  };
}

export async function askFor<T>(connection: Connection, schema: Schema<T>, call: Call): Promise<Result<T>> {
  const answer = await connection.call(call);
  if (!answer.ok) return answer;
  try {
    return await readJson(answer.value, schema);
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, call.signal) };
  }
}
