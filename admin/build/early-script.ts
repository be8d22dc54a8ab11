/**
 * Puts early.ts in front of everything: a classic script of a few kB that runs while the browser still fetches the
 * application, so that the definitions and the first rows are on their way before React exists.
 * A file of its own, not inline, so that a strict content security policy needs no exception.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const source = join(import.meta.dirname, '..', 'early.ts');

export function earlyScript(): Plugin {
  let serving = false;
  return {
    name: 'evergreen-early-script',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    transformIndexHtml: {
      order: 'post',
      async handler(_html, context) {
        if (serving) return [{ tag: 'script', attrs: { type: 'module', src: '/early.ts' }, injectTo: 'head-prepend' }];
        const code = await compile();
        const name = `assets/early-${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
        const bundle = context.bundle;
        if (bundle) {
          bundle[name] = {
            type: 'asset',
            fileName: name,
            source: code,
            name: undefined,
            names: [],
            originalFileName: null,
            originalFileNames: [],
            needsCodeReference: false,
          } as unknown as (typeof bundle)[string];
        }
        return [{ tag: 'script', attrs: { src: `/${name}` }, injectTo: 'head-prepend' }];
      },
    },
  };
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
