import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { signalRecord } from '#adapters/dynamodb/signal-record.ts';
import { MunicipalityCode, WorkerId } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { writeWorklist } from '#functions/casework/publish-worklists/publish-worklists.ts';
import { configuration } from '../support/configuration.ts';
import { memoryPorts } from '../support/memory/ports.ts';
import { NOW } from './city.ts';

/**
 * One list in a process of its own, so that its memory is its own: `list-maker.ts SIGNALS [FOLDER]`. Reads every stored
 * record as the table gives it, checked, and makes the files; prints what it took as JSON.
 */
const [file = '', folder] = process.argv.slice(2);
const code = MunicipalityCode.parse('0392');
const ports = memoryPorts({ now: NOW, configuration });
let bytes = 0;
const kept = new Map<string, Uint8Array>();

async function* stored(municipality: MunicipalityCode): AsyncGenerator<Signal> {
  if (municipality !== code) return;
  for await (const line of createInterface({ input: createReadStream(file) }))
    yield signalRecord.parse(JSON.parse(line));
}

const started = performance.now();
const { lists } = await writeWorklist(
  {
    ...ports,
    signals: { ...ports.signals, ofMunicipality: stored },
    objects: {
      write: async (_bucket, key, body) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of typeof body === 'string' || body instanceof Uint8Array ? [body] : body) {
          bytes += piece.length;
          if (folder !== undefined) pieces.push(Buffer.from(piece));
        }
        if (folder !== undefined) kept.set(key, Buffer.concat(pieces));
      },
    },
  },
  { municipality: code, by: WorkerId.parse('w-1'), purpose: 'meting' },
);
const seconds = (performance.now() - started) / 1000;
for (const [key, body] of kept) writeFileSync(`${folder}/${key.split('/').at(-1)}`, body);
console.log(
  JSON.stringify({
    cases: lists.reduce((sum, { cases }) => sum + cases, 0),
    files: lists.length * 2,
    seconds,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    megabytes: bytes / 1e6,
  }),
);
