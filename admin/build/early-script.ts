/**
 * Puts early.ts in front of everything: a classic script of a few kB that runs while the browser still fetches the
 * application, so that the definitions and the first rows are on their way before React exists.
 * A file of its own, not inline, so that a strict content security policy needs no exception.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build, type HtmlTagDescriptor, type Plugin, type Rolldown } from 'vite';

const source = join(import.meta.dirname, '..', 'early.ts');

export function earlyScript(): Plugin {
  let serving = false;
  let file = '';
  return {
    name: 'evergreen-early-script',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    async buildStart() {
      if (serving) return;
      const code = await compile();
      file = `assets/early-${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
      this.emitFile({ type: 'asset', fileName: file, source: code });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const attrs = serving ? { type: 'module', src: '/early.ts' } : { src: `/${file}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }, ...listAhead(bundle ?? {})];
      },
    },
  };
}

/** Lists and records are where people go: their file is fetched with the others, not after them. */
function listAhead(bundle: Rolldown.OutputBundle): HtmlTagDescriptor[] {
  return Object.values(bundle)
    .filter((part) => /assets\/list-[\w-]+\.(js|css)$/.test(part.fileName))
    .map((part): HtmlTagDescriptor => {
      const href = `/${part.fileName}`;
      const rel = part.type === 'chunk' ? 'modulepreload' : 'stylesheet';
      return { tag: 'link', attrs: { rel, crossorigin: true, href }, injectTo: 'head' };
    });
}

async function compile(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: source, formats: ['iife'], name: 'evergreenEarlyScript' },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const output of outputs) {
    if ('output' in output) {
      const chunk = output.output.find((part) => part.type === 'chunk');
      if (chunk) return chunk.code;
    }
  }
  throw new Error('early.ts gave no code');
}
