/** Writes .gz and .br beside every text asset, and prints how much JavaScript comes before the list. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

const TEXT = /\.(js|css|svg|html|json)$/;

export function precompress(): Plugin {
  let folder = '';
  return {
    name: 'evergreen-precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle(_options, bundle) {
      report(bundle);
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEXT.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        if (bytes.length < 1000) continue;
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
      }
    },
  };
}

/** gzip bytes of the entry with everything it imports at once, and of the list route on top of it. */
function report(bundle: Rolldown.OutputBundle): void {
  const chunks = new Map(
    Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part] as const] : [])),
  );
  const closure = (start: string, seen: Set<string>): Set<string> => {
    if (seen.has(start)) return seen;
    seen.add(start);
    for (const next of chunks.get(start)?.imports ?? []) closure(next, seen);
    return seen;
  };
  const size = (names: Iterable<string>): string => {
    let bytes = 0;
    for (const name of names) bytes += gzipSync(chunks.get(name)?.code ?? '').length;
    return `${(bytes / 1000).toFixed(1)} kB`;
  };
  const entry = [...chunks.values()].find((chunk) => chunk.isEntry);
  if (!entry) return;
  const first = closure(entry.fileName, new Set());
  console.log(`entry: ${size(first)} gzip in ${first.size} files`);
  for (const chunk of chunks.values()) {
    if (!chunk.isDynamicEntry) continue;
    const more = [...closure(chunk.fileName, new Set())].filter((name) => !first.has(name));
    console.log(`  + ${chunk.name}: ${size(more)}`);
  }
}
