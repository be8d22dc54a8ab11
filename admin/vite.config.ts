/** Builds the admin into admin/dist; `vite` serves it on the fly and passes /api on to the running server. */
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import { earlyScript } from './build/early-script.ts';
import { precompress } from './build/precompress.ts';

const api = process.env.EVERGREEN_API ?? 'http://127.0.0.1:8080';

export default defineConfig(({ command }) => {
  // A test that has it built must not get React's development half, nor leave it for the next start.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return config;
});

const config: UserConfig = {
  root: import.meta.dirname,
  plugins: [react(), earlyScript(), precompress()],
  // G2 brings it along for HTML inside charts, which there is none of.
  resolve: { alias: { html2canvas: `${import.meta.dirname}/build/no-html2canvas.ts` } },
  server: { proxy: { '/api': { target: api, changeOrigin: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: true,
    // Sizes are printed compressed by the precompress plugin, once, for what matters.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        // What every screen needs comes in two files, what lists and records need in a third: over HTTP/1.1 thirty
        // small ones would queue behind six connections.
        codeSplitting: {
          groups: [
            {
              name: 'libraries',
              priority: 3,
              test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack\/[\w-]+|@refinedev\/(core|devtools-internal)|i18next|react-i18next|qs|lodash-es|lodash|papaparse|pluralize|warn-once|tslib|use-sync-external-store|cookie|set-cookie-parser|void-elements|html-parse-stringify|side-channel[\w-]*|object-inspect|es-errors|get-intrinsic|call-bind[\w-]*|has-symbols|hasown|math-intrinsics|gopd|function-bind|es-define-property|es-object-atoms|dunder-proto|get-proto)\//,
            },
            {
              name: 'shell',
              priority: 2,
              test: /admin\/(i18n|meta|refine|shell|ui)\/(?!antd|confirm|keyboard-help)|admin\/(pages|routes|app)\.tsx?$|vite\/preload-helper|rolldown\/runtime/,
            },
            {
              name: 'list',
              priority: 1,
              test: /admin\/(list\/(?!filter-editor|advanced-filter|facet-choices|ref-options|use-facets|board|calendar|cards|tree|record-card|layout-query|move-record|view-dialog)|fields\/(views\/|cell|kind|numbers|zoned-time|ref-title|operator-words|fields\.css)|detail\/(?!action-dialog)|history\/)/,
            },
          ],
        },
      },
    },
  },
};
