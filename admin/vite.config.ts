/** Builds the admin into admin/dist; `vite` serves it on the fly and passes /api on to the running server. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { earlyScript } from './build/early-script.ts';
import { precompress } from './build/precompress.ts';

const api = process.env.EVERGREEN_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), earlyScript(), precompress()],
  server: { proxy: { '/api': { target: api, changeOrigin: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: true,
    // Sizes are printed compressed by the precompress plugin, once, for what matters.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
});
