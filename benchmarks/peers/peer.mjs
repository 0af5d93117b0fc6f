// PouchDB at work, one part of it to a process: `serve`, `press`, `watch`, `bulk`. Times are hrtime's, in nanoseconds,
// which count from the same moment in every process of a machine.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const PouchDB = require("pouchdb");
const now = () => Number(process.hrtime.bigint());
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const [part, folder, ...words] = process.argv.slice(2);
await { serve, press, watch, bulk }[part](folder, ...words);

// The server: CouchDB's protocol over LevelDB in `folder`.
function serve(folder) {
  const app = require("express")();
  const Stored = PouchDB.defaults({ prefix: folder + "/" });
  app.use("/", require("express-pouchdb")(Stored, { mode: "minimumForPouchDB", logPath: folder + "/log.txt" }));
  const listening = app.listen(0, "127.0.0.1", () => say({ url: `http://127.0.0.1:${listening.address().port}` }));
}

// Whoever presses keys: each line of the input is a document, put here and on its way at once.
async function press(folder, url) {
  const here = new PouchDB(folder);
  here.replicate.to(url, { live: true, retry: true });
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const pressed = now();
    await here.put(JSON.parse(line));
    say({ pressed });
  }
  process.exit(0);
}

// The other desk: says when each document is there, durable as LevelDB has it, and told to whoever listens.
async function watch(folder, url, count) {
  const here = new PouchDB(folder);
  const seen = {};
  here.changes({ since: "now", live: true }).on("change", (change) => {
    seen[change.id] ??= now();
    if (Object.keys(seen).length === Number(count)) {
      say(seen);
      process.exit(0);
    }
  });
  let ready = false;
  here.replicate.from(url, { live: true, retry: true }).on("paused", () => {
    if (!ready) say({ ready: (ready = true) });
  });
}

// Everything at once: the documents in `file` up from one database, then down into another.
async function bulk(folder, url, file, batch) {
  const documents = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const options = { batch_size: Number(batch) };
  const here = new PouchDB(folder + "/here");
  const there = new PouchDB(folder + "/there");
  for (let start = 0; start < documents.length; start += 1000) {
    await here.bulkDocs(documents.slice(start, start + 1000));
  }
  const began = now();
  const up = await here.replicate.to(url, options);
  const pushed = now();
  const down = await there.replicate.from(url, options);
  const pulled = now();
  say({ up: up.docs_written, down: down.docs_written, push: (pushed - began) / 1e9, pull: (pulled - pushed) / 1e9 });
  process.exit(0);
}
