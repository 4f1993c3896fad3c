import { search } from '../search/search.ts';
import { Hardware } from '../world/hardware.ts';

/** Runs in the copy: from one seed on until something breaks. */
const [from, runs] = process.argv.slice(2).map(Number);
const { runs: needed, found } = await search(await Hardware.make(), { from: from ?? 1, step: 1, runs: runs ?? 1, milliseconds: Number.POSITIVE_INFINITY, mostFound: 1 });
process.stdout.write(JSON.stringify({ runs: needed, rule: found[0]?.rule ?? null, message: found[0]?.message ?? null }));
